/* The rows that every program begins with. */
#ifndef ROWS_H
#define ROWS_H

extern const char *const blog_rows;

#endif
