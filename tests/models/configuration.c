#include "models/configuration.h"

IGNIS_MODEL(ConfigurationUser,
    .name = "User",
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(ConfigurationUser),
        IGNIS_TZ(ConfigurationUser),
        IGNIS_COLUMN(ConfigurationUser, name),
        IGNIS_COLUMN(ConfigurationUser, username, .not_null = true),
        IGNIS_COLUMN(ConfigurationUser, email, .not_null = true),
        IGNIS_COLUMN(ConfigurationUser, password, .hidden = true),
        IGNIS_COLUMN(ConfigurationUser, secret, .hidden = true)),
    .uniques = IGNIS_CONSTRAINTS(
        IGNIS_UNIQUE("UQ_User_username", ConfigurationUser, username),
        IGNIS_UNIQUE("UQ_User_email", ConfigurationUser, email)));

IGNIS_MODEL(Configuration,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_TEXT(Configuration),
        IGNIS_TZ(Configuration),
        IGNIS_DATA_TYPE(Configuration),
        IGNIS_USER_AUDIT(Configuration),
        IGNIS_COLUMN(Configuration, code, .not_null = true),
        IGNIS_COLUMN(Configuration, description),
        IGNIS_COLUMN(Configuration, group, .not_null = true)),
    .uniques = IGNIS_CONSTRAINTS(IGNIS_UNIQUE("UQ_Configuration_code", Configuration, code)),
    .indexes = IGNIS_CONSTRAINTS(IGNIS_INDEX("IDX_Configuration_group", Configuration, group)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Configuration_createdBy_User_id", Configuration, created_by,
                          ConfigurationUser, id)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Configuration, creator, ConfigurationUser, created_by, id),
        IGNIS_ONE(Configuration, modifier, ConfigurationUser, modified_by, id)));
