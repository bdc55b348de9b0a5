/* What rows of users have in common everywhere. */
#include "seed.h"

/* guide: model */
typedef struct Account Account;
struct Account {
    IGNIS_ID_NUMBER_MEMBERS;
    IGNIS_USER_MEMBERS;               /* realm, status, type, activated_at, last_login_at */
    IGNIS_USER_PARENT_NUMBER_MEMBERS; /* ignis_maybe_int32 parent_id */
    Account *parent;
    Account *children;
    size_t children_count;
};

IGNIS_MODEL_DECLARE(Account);
IGNIS_MODEL(Account,
    .columns = IGNIS_COLUMNS(IGNIS_ID_NUMBER(Account), IGNIS_USER(Account)),
    .relations = IGNIS_RELATIONS(
        IGNIS_ONE(Account, parent, Account, parent_id, id),
        IGNIS_MANY(Account, children, Account, parent)));
/* end */

IGNIS_REPOSITORY(AccountRepository, Account);

static IGNIS_DATA_SOURCE(Accounts, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Account_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    AccountRepository *accounts;
    Account *company, *all;
    size_t count;
    IGNIS_TRY(AccountRepository_open(ctx, source, &accounts));
    IGNIS_TRY(AccountRepository_create(
        ctx, accounts, IGNIS_VALUES(IGNIS_SET(Account, type, "COMPANY")), &company));
    IGNIS_TRY(AccountRepository_create(ctx, accounts,
                                       IGNIS_VALUES(IGNIS_SET(Account, type, "PERSON"),
                                                    IGNIS_SET(Account, status, "ACTIVE"),
                                                    IGNIS_SET(Account, parent_id, company->id)),
                                       NULL));
    /* guide: find */
    IGNIS_TRY(AccountRepository_find(
        ctx, accounts,
        IGNIS_FILTER(.where = IGNIS_WHERE(IGNIS_IS_NULL(Account, parent_id)),
                     .include = IGNIS_INCLUDE(IGNIS_WITH(Account, children))),
        &all, &count));
    printf("%s in realm \"%s\" with %zu %s, %s\n", all[0].type, all[0].realm, all[0].children_count,
           all[0].children[0].type, all[0].children[0].status);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Accounts_class, run);
}
