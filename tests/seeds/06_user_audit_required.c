/* A write without a user is refused. */
#include "seed.h"

/* guide: model */
typedef struct Payment {
    IGNIS_ID_NUMBER_MEMBERS;
    IGNIS_USER_AUDIT_BIG_MEMBERS; /* ignis_maybe_int64 created_by, modified_by */
    ignis_numeric amount;
} Payment;

IGNIS_MODEL(Payment,
    .columns = IGNIS_COLUMNS(
        IGNIS_ID_NUMBER(Payment),
        IGNIS_USER_AUDIT_REQUIRED(Payment),
        IGNIS_COLUMN(Payment, amount, .not_null = true, .precision = 12, .scale = 2)));
/* end */

IGNIS_REPOSITORY(PaymentRepository, Payment);

static IGNIS_DATA_SOURCE(Payments, .url = SEED_URL, .create_missing = true,
                         .models = IGNIS_MODELS(&Payment_model));

static ignis_code run(ignis_context *ctx, ignis_data_source *source)
{
    PaymentRepository *payments;
    Payment *payment;
    IGNIS_TRY(PaymentRepository_open(ctx, source, &payments));
    /* guide: create */
    const ignis_values *values = IGNIS_VALUES(IGNIS_SET(Payment, amount, "10.5"));
    if (PaymentRepository_create(ctx, payments, values, &payment) != IGNIS_OK) print_error(ctx);
    IGNIS_TRY(ignis_context_user_set(ctx, "42"));
    IGNIS_TRY(PaymentRepository_create(ctx, payments, values, &payment));
    printf("%s, by %lld\n", payment->amount.text, (long long)payment->created_by.value);
    /* end */
    return IGNIS_OK;
}

ignis_code seed(ignis_context *ctx, const Blog *blog)
{
    (void)blog;
    return with_source(ctx, &Payments_class, run);
}
