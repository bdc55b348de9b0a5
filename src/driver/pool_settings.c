/* pool_settings: what a pool is told, with the defaults, and the system's clock. */
#include "driver/driver.h"

#include <time.h>

static int64_t system_now_ms(void *data)
{
    (void)data;
    return clock_monotonic_ms();
}

static void system_wait(void *data, pthread_cond_t *signalled, pthread_mutex_t *mutex,
                        int64_t until_ms)
{
    (void)data;
    struct timespec until = {.tv_sec = (time_t)(until_ms / 1000),
                             .tv_nsec = (long)(until_ms % 1000) * 1000000};
    (void)pthread_cond_timedwait(signalled, mutex, &until);
}

static const pool_clock system_clock = {.now_ms = system_now_ms, .wait = system_wait};

static ignis_code span_read(ignis_context *ctx, const char *name, int64_t usual_ms,
                            int64_t *span_ms)
{
    if (*span_ms < 0) {
        return context_fail(ctx, IGNIS_E_INVALID, "%s is negative: %lld", name,
                            (long long)*span_ms);
    }
    if (*span_ms == 0) *span_ms = usual_ms;
    return IGNIS_OK;
}

ignis_code pool_settings_read(ignis_context *ctx, const pool_settings *wanted,
                              pool_settings *settings)
{
    *settings = wanted ? *wanted : (pool_settings){0};
    if (settings->connections_max == 0) settings->connections_max = POOL_CONNECTIONS_DEFAULT;
    if (settings->connections_max > POOL_CONNECTIONS_MAX) {
        return context_fail(ctx, IGNIS_E_INVALID, "connections_max is at most %d, got %u",
                            POOL_CONNECTIONS_MAX, (unsigned int)settings->connections_max);
    }
    if (settings->connections_min > settings->connections_max) {
        return context_fail(
            ctx, IGNIS_E_INVALID, "connections_min (%u) is more than connections_max (%u)",
            (unsigned int)settings->connections_min, (unsigned int)settings->connections_max);
    }
    IGNIS_TRY(span_read(ctx, "acquire_timeout_ms", POOL_ACQUIRE_MS, &settings->acquire_timeout_ms));
    IGNIS_TRY(span_read(ctx, "idle_check_ms", POOL_IDLE_CHECK_MS, &settings->idle_check_ms));
    IGNIS_TRY(span_read(ctx, "lifetime_ms", POOL_LIFETIME_MS, &settings->lifetime_ms));
    IGNIS_TRY(span_read(ctx, "idle_ms", POOL_IDLE_MS, &settings->idle_ms));
    if (!settings->clock) settings->clock = &system_clock;
    return IGNIS_OK;
}
