/* compared: the reading conformance cases as typed calls, against the JSON calls. For tests. */
#ifndef TYPED_COMPARED_H
#define TYPED_COMPARED_H

/* Where a fixture's database is to be made, empty: a URL; NULL: SQLite in memory. */
typedef const char *(*compared_place)(void);

/* Runs all cases. Ends the test where one differs, and where C has no words for another number of
   cases than is known. */
void compared_check(compared_place place);

#endif
