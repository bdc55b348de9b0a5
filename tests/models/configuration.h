/* The fixture configuration as C models. */
#ifndef MODELS_CONFIGURATION_H
#define MODELS_CONFIGURATION_H

#include "ignis.h"

typedef struct ConfigurationUser ConfigurationUser;
typedef struct Configuration Configuration;

struct ConfigurationUser {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    const char *name;
    const char *username;
    const char *email;
    const char *password;
    const char *secret;
};

struct Configuration {
    IGNIS_ID_TEXT_MEMBERS;
    IGNIS_TZ_MEMBERS;
    IGNIS_DATA_TYPE_MEMBERS;
    IGNIS_USER_AUDIT_TEXT_MEMBERS;
    const char *code;
    const char *description;
    const char *group;
    ConfigurationUser *creator;
    ConfigurationUser *modifier;
};

IGNIS_MODEL_DECLARE(ConfigurationUser);
IGNIS_MODEL_DECLARE(Configuration);

IGNIS_REPOSITORY(ConfigurationUserRepository, ConfigurationUser);
IGNIS_REPOSITORY(ConfigurationRepository, Configuration);

#endif
