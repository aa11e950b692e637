/* A string slice: bytes that somebody else owns. */
#ifndef GW_BASE_STR_H
#define GW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* `data` is not terminated and may be NULL only when `size` is 0. An absent string has data == NULL; an empty
 * one that is present points anywhere. The owner is named where a slice is stored. */
struct gw_str {
    const char *data;
    size_t size;
};

#define GW_STR(literal) ((struct gw_str){(literal), sizeof(literal) - 1})
#define GW_STR_FMT      "%.*s"
#define GW_STR_ARG(s)   (int)(s).size, ((s).data ? (s).data : "")

static inline struct gw_str gw_str_from(const char *terminated) {
    return (struct gw_str){terminated, terminated ? strlen(terminated) : 0};
}

/* Bytes `start` to `end` of `s`; absent when `s` is. */
static inline struct gw_str gw_str_sub(struct gw_str s, size_t start, size_t end) {
    return (struct gw_str){s.data ? s.data + start : NULL, end - start};
}

static inline bool gw_str_eq(struct gw_str a, struct gw_str b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool gw_str_is(struct gw_str a, const char *terminated) {
    return gw_str_eq(a, gw_str_from(terminated));
}

#endif
