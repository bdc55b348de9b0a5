/* Ignis for C: models, relations and nested reads for SQLite and PostgreSQL.
   This header is C17, C++17 and FFI safe. */
#ifndef IGNIS_H
#define IGNIS_H

#include "ignis/app.h"
#include "ignis/base.h"
#include "ignis/container.h"
#include "ignis/context.h"
#include "ignis/driver.h"
#include "ignis/filter.h"
#include "ignis/log.h"
#include "ignis/model.h"
#include "ignis/repository.h"
#include "ignis/sql.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "0.1.0": of the library at run time. */
IGNIS_API const char *ignis_version(void);

#ifdef __cplusplus
}
#endif
#endif
