#include "property/naive.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DAY_US INT64_C(86400000000)

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t month_days(int64_t year, int64_t month)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int64_t year_days(int64_t year)
{
    int64_t before = year - 1;
    return before * 365 + before / 4 - before / 100 + before / 400;
}

/* Days since 1970-01-01 of a year from 1 on. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t days = year_days(year) - year_days(1970) + day - 1;
    for (int64_t m = 1; m < month; m++)
        days += month_days(year, m);
    return days;
}

static bool digits_take(const char **at, size_t count, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool char_take(const char **at, char c)
{
    if (**at != c) return false;
    (*at)++;
    return true;
}

static bool date_take(const char **at, int64_t *days)
{
    int64_t year;
    int64_t month;
    int64_t day;
    if (!digits_take(at, 4, &year) || !char_take(at, '-')) return false;
    if (!digits_take(at, 2, &month) || !char_take(at, '-')) return false;
    if (!digits_take(at, 2, &day) || year < 1 || month < 1 || month > 12) return false;
    if (day < 1 || day > month_days(year, month)) return false;
    *days = days_of(year, month, day);
    return true;
}

/* Microseconds; digits past the sixth round. */
static int64_t fraction_take(const char **at)
{
    int64_t fraction = 0;
    int64_t unit = 100000;
    for (int i = 0; **at >= '0' && **at <= '9'; i++, (*at)++) {
        if (i == 6 && **at >= '5') fraction++;
        fraction += (**at - '0') * unit;
        unit /= 10;
    }
    return fraction;
}

static bool clock_take(const char **at, int64_t *us)
{
    int64_t hour;
    int64_t minute;
    int64_t second = 0;
    int64_t fraction = 0;
    if (!digits_take(at, 2, &hour) || !char_take(at, ':') || !digits_take(at, 2, &minute))
        return false;
    if (char_take(at, ':')) {
        if (!digits_take(at, 2, &second)) return false;
        if (char_take(at, '.')) fraction = fraction_take(at);
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    *us = ((hour * 60 + minute) * 60 + second) * 1000000 + fraction;
    return true;
}

static bool zone_take(const char **at, int64_t *us)
{
    int64_t hours;
    int64_t minutes = 0;
    *us = 0;
    if (**at == 0 || char_take(at, 'Z')) return true;
    int64_t sign = **at == '-' ? -1 : 1;
    if (!char_take(at, '-') && !char_take(at, '+')) return false;
    if (!digits_take(at, 2, &hours)) return false;
    (void)char_take(at, ':');
    if (**at && !digits_take(at, 2, &minutes)) return false;
    *us = sign * (hours * 60 + minutes) * 60000000;
    return true;
}

bool naive_time_read(naive_type type, const char *text, int64_t *out)
{
    int64_t days;
    int64_t us = 0;
    int64_t zone = 0;
    *out = *text == '-' ? NAIVE_TIME_MIN : NAIVE_TIME_MAX;
    if (strcasecmp(text, "infinity") == 0 || strcasecmp(text, "-infinity") == 0) return true;
    if (!date_take(&text, &days)) return false;
    if (*text) {
        if (!char_take(&text, 'T') && !char_take(&text, ' ')) return false;
        if (!clock_take(&text, &us) || !zone_take(&text, &zone) || *text) return false;
    }
    if (type != NAIVE_TYPE_TIMESTAMPTZ) zone = 0;
    *out = type == NAIVE_TYPE_DATE ? days : days * DAY_US + us - zone;
    return true;
}

static void date_write(char *out, size_t size, int64_t days)
{
    int64_t year = 1970 + days / 366;
    if (year < 1) year = 1;
    while (year > 1 && days_of(year, 1, 1) > days)
        year--;
    while (days_of(year + 1, 1, 1) <= days)
        year++;
    int64_t month = 12;
    while (days_of(year, month, 1) > days)
        month--;
    (void)snprintf(out, size, "%04d-%02d-%02d", (int)year, (int)month,
                   (int)(days - days_of(year, month, 1) + 1));
}

const char *naive_time_write(naive_memory *memory, naive_type type, int64_t time)
{
    char date[48];
    char out[96];
    if (time == NAIVE_TIME_MIN) return "-infinity";
    if (time == NAIVE_TIME_MAX) return "infinity";
    int64_t days = time;
    int64_t us = 0;
    if (type != NAIVE_TYPE_DATE) {
        us = (time % DAY_US + DAY_US) % DAY_US;
        days = (time - us) / DAY_US;
    }
    date_write(date, sizeof(date), days);
    if (type == NAIVE_TYPE_DATE) return naive_bytes(memory, date, strlen(date));
    bool is_short = us % 1000 == 0;
    int64_t seconds = us / 1000000;
    int size = snprintf(out, sizeof(out), "%sT%02d:%02d:%02d.%0*d%s", date, (int)(seconds / 3600),
                        (int)(seconds / 60 % 60), (int)(seconds % 60), is_short ? 3 : 6,
                        (int)(is_short ? us % 1000000 / 1000 : us % 1000000),
                        type == NAIVE_TYPE_TIMESTAMPTZ ? "Z" : "");
    return naive_bytes(memory, out, (size_t)size);
}
