/* Hidden properties, a default filter, a greatest limit. */
#include "seed.h"

/* guide: model */
typedef struct Member {
    IGNIS_ID_NUMBER_MEMBERS;
    const char *name, *pin;
    bool is_active;
} Member;

IGNIS_MODEL(Member,
    .table = "members",
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_NUMBER(Member),
        IGNIS_COLUMN(Member, name, .not_null = true),
        IGNIS_COLUMN(Member, pin, .hidden = true),
        IGNIS_COLUMN(Member, is_active, .not_null = true, .default_json = "true")),
    .checks = IGNIS_CONSTRAINTS(IGNIS_CHECK("CK_members_name", "name <> ''")),
    .default_filter = IGNIS_JSON({"where": {"isActive": true}, "order": ["name"]}),
    .limit_max = 2);
/* end */

IGNIS_REPOSITORY(MemberRepository, Member);

static IGNIS_DATA_SOURCE(Members, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Member_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    static const Member rows[] = {{.name = "Dan", .is_active = true},
                                  {.name = "Cleo", .is_active = true},
                                  {.name = "Bea", .is_active = false},
                                  {.name = "Ann", .pin = "1234", .is_active = true}};
    MemberRepository *members;
    Member *found;
    size_t count;
    IGNIS_TRY(MemberRepository_open(ctx, source, &members));
    IGNIS_TRY(MemberRepository_create_rows(ctx, members, rows, 4,
                                           IGNIS_FIELDS(Member, name, pin, is_active), NULL));
    /* guide: find */
    IGNIS_TRY(MemberRepository_find(ctx, members, NULL, &found, &count));
    for (size_t i = 0; i < count; i++)
        printf("%s, pin %s\n", found[i].name, found[i].pin ? found[i].pin : "not told");
    IGNIS_TRY(MemberRepository_find(
        ctx, members, IGNIS_FILTER(.options = IGNIS_OPTIONS(.with_hidden = true)), &found, &count));
    printf("%s, pin %s\n", found[0].name, found[0].pin);
    /* end */
    if (MemberRepository_create(ctx, members, IGNIS_VALUES(IGNIS_SET(Member, name, "")), NULL) !=
        IGNIS_OK)
        print_error(ctx);
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Members_class, run);
}
