/* fault: runs a piece of work with its first allocation failing, then its second, and so on until
   none fails any more. For tests. */
#ifndef FAULT_H
#define FAULT_H

#include "base/base.h"

/* The work. It gets a context of its own, answers IGNIS_OK where nothing fails, and frees whatever
   it makes outside the context on every way out. */
typedef ignis_code (*fault_body)(ignis_context *ctx, void *data);

/* Asserts for each run: the answer is IGNIS_E_MEMORY with an error that says so, or IGNIS_OK where
   the work did without; the context is usable afterwards; no block of memory is left. Returns the
   number of failures injected: 0 where the library is built without IGNIS_FAULTS. */
size_t fault_run(fault_body body, void *data);

#endif
