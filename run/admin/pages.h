/* What the admin server answers, path by path. */
#ifndef GW_RUN_ADMIN_PAGES_H
#define GW_RUN_ADMIN_PAGES_H

#include "run/admin/metrics.h"

/* The supervisor's loop comes round several times a second; when it has not for so long, it is not healthy.
 */
#define GW_ADMIN_BEAT_MS 10000

struct gw_page_view {
    struct gw_metrics_view metrics;
    int64_t now_ns; /* monotonic */
    int64_t wall_ms;
};

struct gw_page {
    const char *path;
    const char *content_type;
    const char *text;                                                          /* what it is for */
    unsigned (*write)(const struct gw_page_view *view, struct gw_buffer *out); /* returns the HTTP status */
};

/* `/`, `/metrics`, `/healthz`, `/readyz`, `/status`. */
extern const struct gw_page gw_pages[];
extern const size_t gw_page_count;

/* NULL: there is none with this path. */
const struct gw_page *gw_page_find(const char *path);

#endif
