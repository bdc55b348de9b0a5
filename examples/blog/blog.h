/* The blog: four models with their relations, and rows to begin with. */
#ifndef BLOG_H
#define BLOG_H

extern const char *const blog_models;
extern const char *const blog_rows;

#endif
