/* A model with a member of every type there is, alone, nullable and as an array. For tests. */
#ifndef MODELS_KINDS_H
#define MODELS_KINDS_H

#include "ignis.h"

typedef struct Kinds {
    int32_t id;
    bool flag;
    int16_t small;
    int32_t medium;
    int64_t big;
    float single;
    double wide;
    ignis_date day;
    ignis_timestamp moment;
    ignis_maybe_bool maybe_flag;
    ignis_maybe_int16 maybe_small;
    ignis_maybe_int32 maybe_medium;
    ignis_maybe_int64 maybe_big;
    ignis_maybe_float maybe_single;
    ignis_maybe_double maybe_wide;
    ignis_maybe_date maybe_day;
    ignis_maybe_timestamp maybe_moment;
    const char *label;
    ignis_bytes raw;
    ignis_json doc;
    ignis_numeric price;
    bool *flags;
    size_t flags_count;
    int16_t *smalls;
    size_t smalls_count;
    int32_t *mediums;
    size_t mediums_count;
    int64_t *bigs;
    size_t bigs_count;
    float *singles;
    size_t singles_count;
    double *wides;
    size_t wides_count;
    ignis_date *days;
    size_t days_count;
    ignis_timestamp *moments;
    size_t moments_count;
    ignis_maybe_bool *maybe_flags;
    size_t maybe_flags_count;
    ignis_maybe_int16 *maybe_smalls;
    size_t maybe_smalls_count;
    ignis_maybe_int32 *maybe_mediums;
    size_t maybe_mediums_count;
    ignis_maybe_int64 *maybe_bigs;
    size_t maybe_bigs_count;
    ignis_maybe_float *maybe_singles;
    size_t maybe_singles_count;
    ignis_maybe_double *maybe_wides;
    size_t maybe_wides_count;
    ignis_maybe_date *maybe_days;
    size_t maybe_days_count;
    ignis_maybe_timestamp *maybe_moments;
    size_t maybe_moments_count;
    const char **labels;
    size_t labels_count;
    ignis_bytes *raws;
    size_t raws_count;
    ignis_json *docs;
    size_t docs_count;
    ignis_numeric *prices;
    size_t prices_count;
} Kinds;

IGNIS_MODEL_DECLARE(Kinds);
IGNIS_REPOSITORY(KindsRepository, Kinds);

#endif
