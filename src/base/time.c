/* time: dates and timestamps of the proleptic Gregorian calendar, as text and as numbers.

   Read is what ISO 8601 and PostgreSQL both know, extended (2024-03-10T10:20:30) and basic
   (20240310T102030), with the meaning PostgreSQL 15 gives it. Its other forms (names of months and
   zones, "now", day before month) are no times here. */
#include "base/base.h"

#include <time.h>

enum {
    READ_SIZE_MAX = 128, /* as PostgreSQL's */
    YEAR_DIGITS_MAX = 7,
    OFFSET_HOURS_MAX = 15,
    DAYS_PER_ERA = 146097,         /* 400 years */
    DAYS_TO_2000 = 730425,         /* from 0000-03-01 */
    DAYS_MIN = -2451545,           /* 4714-11-24 BC */
    DAYS_MAX = 2145031948,         /* 5874897-12-31 */
    TIMESTAMP_DAYS_END = 106751983 /* 294277-01-01 */
};

static const int64_t microseconds_per_day = INT64_C(86400000000);

typedef struct date_parts {
    int64_t year; /* 0 is 1 BC */
    unsigned month;
    unsigned day;
} date_parts;

/* ---- calendar ------------------------------------------------------------------------------- */

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* What the division leaves, from 0 on; the product of the quotient could overflow. */
static int64_t floor_rest(int64_t value, int64_t by)
{
    int64_t rest = value % by;
    return rest < 0 ? rest + by : rest;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned month_days(int64_t year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years that begin in March have the leap day at their end. */
static int64_t days_from_date(date_parts date)
{
    int64_t year = date.month > 2 ? date.year : date.year - 1;
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t era = floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_2000;
}

/* Any number of days; the era is taken out first, so that nothing overflows. */
static date_parts date_from_days(int64_t days)
{
    int64_t era = floor_divide(days, DAYS_PER_ERA);
    int64_t day_of_era = floor_rest(days, DAYS_PER_ERA) - 60; /* from 2000-03-01 */
    if (day_of_era < 0) {
        day_of_era += DAYS_PER_ERA;
        era--;
    }
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) /
        365;
    int64_t day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    date_parts date = {
        .year = 2000 + era * 400 + year_of_era + (month >= 10),
        .month = (unsigned)(month < 10 ? month + 3 : month - 9),
        .day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return date;
}

/* ---- reading -------------------------------------------------------------------------------- */

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

typedef struct time_parts {
    date_parts date;
    int64_t microseconds;   /* of the day; a whole day for 24:00:00 */
    int64_t offset_seconds; /* east of UTC */
} time_parts;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool take(cursor *in, char c)
{
    if (in->at == in->end || upper(*in->at) != c) return false;
    in->at++;
    return true;
}

static bool take_spaces(cursor *in)
{
    const char *start = in->at;
    while (in->at < in->end && is_space(*in->at)) {
        in->at++;
    }
    return in->at > start;
}

/* Without the spaces around it. */
static cursor cursor_trimmed(const char *data, size_t size)
{
    cursor in = {data, data + size};
    take_spaces(&in);
    while (in.end > in.at && is_space(in.end[-1])) {
        in.end--;
    }
    return in;
}

static size_t digits_count(const cursor *in)
{
    const char *at = in->at;
    while (at < in->end && char_is_digit(*at)) {
        at++;
    }
    return (size_t)(at - in->at);
}

/* Exactly count digits, which are there. */
static unsigned take_digits(cursor *in, size_t count)
{
    unsigned value = 0;
    for (; count > 0; count--) {
        value = value * 10 + (unsigned)(*in->at++ - '0');
    }
    return value;
}

/* One or two digits, not more. */
static bool take_two(cursor *in, unsigned *value)
{
    size_t count = digits_count(in);
    if (count < 1 || count > 2) return false;
    *value = take_digits(in, count);
    return true;
}

static bool read_calendar_date(cursor *in, date_parts *date)
{
    size_t count = digits_count(in);
    if (count == 8) {
        date->year = take_digits(in, 4);
        date->month = take_digits(in, 2);
        date->day = take_digits(in, 2);
        return true;
    }
    if (count < 4 || count > YEAR_DIGITS_MAX) return false;
    date->year = take_digits(in, count);
    if (!take(in, '-') || !take_two(in, &date->month)) return false;
    return take(in, '-') && take_two(in, &date->day);
}

/* Digits past the sixth round as PostgreSQL 15 does it: in double, half to even. */
static bool read_fraction(cursor *in, int64_t *microseconds)
{
    cursor fraction = *in;
    if (!take(in, '.')) return true;
    size_t count = digits_count(in);
    if (count == 0) return true;
    double seconds;
    if (!number_double(fraction.at, count + 1, &seconds)) return false;
    double exact = seconds * 1e6;
    int64_t whole = (int64_t)exact;
    double rest = exact - (double)whole;
    if (rest > 0.5 || (rest == 0.5 && whole % 2 != 0)) whole++;
    *microseconds = whole;
    in->at += count;
    return true;
}

/* hh:mm, hh:mm:ss, hh:mm:ss.f, hhmm, hhmmss, hhmmss.f */
static bool read_clock(cursor *in, int64_t *microseconds)
{
    unsigned hour;
    unsigned minute;
    unsigned second = 0;
    int64_t fraction = 0;
    size_t count = digits_count(in);
    bool has_seconds = count == 6;
    if (count == 4 || count == 6) {
        hour = take_digits(in, 2);
        minute = take_digits(in, 2);
        if (has_seconds) second = take_digits(in, 2);
    } else {
        if (!take_two(in, &hour) || !take(in, ':') || !take_two(in, &minute)) return false;
        has_seconds = take(in, ':');
        if (has_seconds && !take_two(in, &second)) return false;
    }
    if (has_seconds && !read_fraction(in, &fraction)) return false;
    if (minute > 59 || second > 60) return false;
    int64_t seconds = ((int64_t)hour * 60 + minute) * 60 + second;
    *microseconds = seconds * 1000000 + fraction;
    return *microseconds <= microseconds_per_day;
}

/* hh, hhmm, hh:mm, hh:mm:ss after the sign */
static bool read_offset(cursor *in, int64_t *seconds)
{
    unsigned hours;
    unsigned minutes = 0;
    unsigned rest = 0;
    size_t count = digits_count(in);
    if (count == 3 || count == 4) {
        hours = take_digits(in, count - 2);
        minutes = take_digits(in, 2);
    } else {
        if (!take_two(in, &hours)) return false;
        if (take(in, ':')) {
            if (!take_two(in, &minutes)) return false;
            if (take(in, ':') && !take_two(in, &rest)) return false;
        }
    }
    if (hours > OFFSET_HOURS_MAX || minutes > 59 || rest > 59) return false;
    *seconds = ((int64_t)hours * 60 + minutes) * 60 + rest;
    return true;
}

/* Nothing, Z or an offset. */
static bool read_zone(cursor *in, int64_t *offset_seconds)
{
    *offset_seconds = 0;
    cursor before = *in;
    take_spaces(in);
    if (take(in, 'Z')) return true;
    if (take(in, '+')) return read_offset(in, offset_seconds);
    if (take(in, '-')) {
        if (!read_offset(in, offset_seconds)) return false;
        *offset_seconds = -*offset_seconds;
        return true;
    }
    *in = before;
    return true;
}

/* Whether a clock follows, its T or spaces taken. */
static bool take_clock_start(cursor *in)
{
    cursor before = *in;
    bool is_spaced = take_spaces(in);
    bool is_marked = take(in, 'T');
    if (is_marked) take_spaces(in);
    if (is_marked || (is_spaced && digits_count(in) != 0)) return true;
    *in = before;
    return false;
}

/* The whole text. The date is valid; whether it is in range depends on what is read. */
static bool read_parts(cursor in, time_parts *parts)
{
    if (in.end - in.at > READ_SIZE_MAX) return false;
    date_parts *date = &parts->date;
    if (!read_calendar_date(&in, date) || date->year == 0) return false;
    parts->microseconds = 0;
    bool is_clocked = take_clock_start(&in);
    if (is_clocked && !read_clock(&in, &parts->microseconds)) return false;
    /* "2024-03-10-02" is no date with a zone. */
    if (!is_clocked && in.at < in.end && *in.at == '-') return false;
    if (!read_zone(&in, &parts->offset_seconds)) return false;
    if (take_spaces(&in)) {
        if (!take(&in, 'B') || !take(&in, 'C')) return false;
        date->year = 1 - date->year;
    }
    if (in.at != in.end || date->month < 1 || date->month > 12) return false;
    return date->day >= 1 && date->day <= month_days(date->year, date->month);
}

static bool equals(cursor in, const char *word)
{
    for (; *word; word++) {
        if (in.at == in.end || upper(*in.at++) != *word) return false;
    }
    return in.at == in.end;
}

static bool read_infinity(cursor in, int64_t *value)
{
    if (equals(in, "INFINITY"))
        *value = TIME_INFINITY;
    else if (equals(in, "-INFINITY"))
        *value = TIME_MINUS_INFINITY;
    else
        return false;
    return true;
}

static bool is_infinite(int64_t value)
{
    return value == TIME_INFINITY || value == TIME_MINUS_INFINITY;
}

bool time_is_valid(int64_t microseconds)
{
    return is_infinite(microseconds) || (microseconds >= DAYS_MIN * microseconds_per_day &&
                                         microseconds < TIMESTAMP_DAYS_END * microseconds_per_day);
}

bool time_date_is_valid(int64_t days)
{
    return is_infinite(days) || (days >= DAYS_MIN && days <= DAYS_MAX);
}

/* A number of count digits. UINT32_MAX: another character. */
static uint32_t read_digits(const char *data, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t digit = (uint32_t)(unsigned char)data[i] - '0';
        if (digit > 9) return UINT32_MAX;
        value = value * 10 + digit;
    }
    return value;
}

/* The form that is stored on SQLite, "2024-03-10T10:20:30.123456" and perhaps Z, which most texts are:
   a tenth of the work. false: another form. */
static bool read_fixed(const char *data, size_t size, int64_t *microseconds)
{
    enum { FIXED_SIZE = 26 };
    bool has_size = size == FIXED_SIZE || (size == FIXED_SIZE + 1 && data[FIXED_SIZE] == 'Z');
    if (!has_size || data[4] != '-' || data[7] != '-' || data[10] != 'T' || data[13] != ':' ||
        data[16] != ':' || data[19] != '.') {
        return false;
    }
    date_parts date = {.year = read_digits(data, 4),
                       .month = read_digits(data + 5, 2),
                       .day = read_digits(data + 8, 2)};
    uint32_t hour = read_digits(data + 11, 2);
    uint32_t minute = read_digits(data + 14, 2);
    uint32_t second = read_digits(data + 17, 2);
    uint32_t fraction = read_digits(data + 20, 6);
    /* 28 days are in every month; what is later takes the long way. */
    bool is_plain = date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
                    date.day >= 1 && date.day <= 28 && hour <= 23 && minute <= 59 && second <= 59 &&
                    fraction <= 999999;
    if (!is_plain) return false;
    int64_t seconds = (int64_t)hour * 3600 + minute * 60 + second;
    *microseconds = days_from_date(date) * microseconds_per_day + seconds * 1000000 + fraction;
    return true;
}

bool time_read(const char *data, size_t size, bool zone, int64_t *microseconds)
{
    if (read_fixed(data, size, microseconds)) return true;
    cursor in = cursor_trimmed(data, size);
    if (read_infinity(in, microseconds)) return true;
    time_parts parts;
    if (!read_parts(in, &parts)) return false;
    int64_t days = days_from_date(parts.date);
    /* A day more at either end: the offset may bring it back. */
    if (days < DAYS_MIN - 1 || days > TIMESTAMP_DAYS_END) return false;
    int64_t value = days * microseconds_per_day + parts.microseconds;
    if (zone) value -= parts.offset_seconds * 1000000;
    if (!time_is_valid(value)) return false;
    *microseconds = value;
    return true;
}

bool time_read_date(const char *data, size_t size, int64_t *days)
{
    cursor in = cursor_trimmed(data, size);
    if (read_infinity(in, days)) return true;
    time_parts parts;
    if (!read_parts(in, &parts)) return false;
    int64_t value = days_from_date(parts.date);
    if (!time_date_is_valid(value)) return false;
    *days = value;
    return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

static inline char *write_digits(char *out, uint64_t value, size_t width)
{
    for (size_t i = width; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + width;
}

static char *write_string(char *out, const char *string)
{
    size_t size = strlen(string);
    memcpy(out, string, size);
    return out + size;
}

static char *write_date(char *out, date_parts date)
{
    uint64_t year = (uint64_t)(date.year > 0 ? date.year : 1 - date.year);
    size_t width = 4;
    for (uint64_t above = 10000; year >= above; above *= 10)
        width++;
    out = write_digits(out, year, width);
    *out++ = '-';
    out = write_digits(out, date.month, 2);
    *out++ = '-';
    return write_digits(out, date.day, 2);
}

static char *write_clock(char *out, uint64_t microseconds, size_t fraction_width)
{
    uint64_t seconds = microseconds / 1000000;
    uint64_t fraction = microseconds % 1000000;
    out = write_digits(out, seconds / 3600, 2);
    *out++ = ':';
    out = write_digits(out, seconds / 60 % 60, 2);
    *out++ = ':';
    out = write_digits(out, seconds % 60, 2);
    *out++ = '.';
    if (fraction_width == 3) return write_digits(out, fraction / 1000, 3);
    return write_digits(out, fraction, 6);
}

static size_t write_infinity(char *out, int64_t value)
{
    return (size_t)(write_string(out, value < 0 ? "-infinity" : "infinity") - out);
}

static size_t write_time(char *out, int64_t value, bool zone, size_t fraction_width)
{
    if (is_infinite(value)) return write_infinity(out, value);
    int64_t days = floor_divide(value, microseconds_per_day);
    date_parts date = date_from_days(days);
    char *end = write_date(out, date);
    *end++ = 'T';
    end = write_clock(end, (uint64_t)floor_rest(value, microseconds_per_day), fraction_width);
    if (zone) *end++ = 'Z';
    if (date.year <= 0) end = write_string(end, " BC");
    return (size_t)(end - out);
}

size_t time_write(char out[TIME_TEXT_MAX], int64_t microseconds, bool zone)
{
    return write_time(out, microseconds, zone, microseconds % 1000 == 0 ? 3 : 6);
}

size_t time_write_fixed(char out[TIME_TEXT_MAX], int64_t microseconds, bool zone)
{
    return write_time(out, microseconds, zone, 6);
}

size_t time_write_date(char out[TIME_TEXT_MAX], int64_t days)
{
    if (is_infinite(days)) return write_infinity(out, days);
    date_parts date = date_from_days(days);
    char *end = write_date(out, date);
    if (date.year <= 0) end = write_string(end, " BC");
    return (size_t)(end - out);
}

/* ---- clocks --------------------------------------------------------------------------------- */

int64_t time_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const int64_t seconds_to_2000 = 946684800;
    return ((int64_t)now.tv_sec - seconds_to_2000) * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- the public functions ------------------------------------------------------------------------ */

bool ignis_timestamp_read(const char *data, ignis_timestamp *time)
{
    return data && time_read(data, strlen(data), true, &time->microseconds);
}

bool ignis_date_read(const char *data, ignis_date *date)
{
    return data && time_read_date(data, strlen(data), &date->days);
}

const char *ignis_timestamp_write(ignis_timestamp time, char out[IGNIS_TIME_TEXT_SIZE])
{
    out[time_write(out, time.microseconds, true)] = '\0';
    return out;
}

const char *ignis_date_write(ignis_date date, char out[IGNIS_TIME_TEXT_SIZE])
{
    out[time_write_date(out, date.days)] = '\0';
    return out;
}

ignis_timestamp ignis_timestamp_now(void)
{
    return (ignis_timestamp){time_now()};
}
