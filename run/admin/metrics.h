/* The metrics: one table, made of the tables of counters, gives the page for Prometheus, the numbers of the
 * status pages, and the reference. */
#ifndef GW_RUN_ADMIN_METRICS_H
#define GW_RUN_ADMIN_METRICS_H

#include "base/buffer.h"
#include "run/counters.h"

/* Whose number it is. */
enum gw_metric_scope {
    GW_METRIC_INSTANCE, /* glosswire_instance_… */
    GW_METRIC_WORKER,   /* glosswire_…{worker="0"} */
    GW_METRIC_HUB,      /* glosswire_hub_… */
    GW_METRIC_SCOPE_COUNT
};

struct gw_metric {
    enum gw_metric_scope scope;
    const char *word;
    bool is_level; /* a gauge; else a counter, whose name ends in _total */
    const char *text;
    size_t place; /* the counter's number, or in the hub's struct its offset */
};

extern const struct gw_metric gw_metrics[];
extern const size_t gw_metric_count;

#define GW_METRIC_NAME_MAX 64

/* "glosswire_records_total", terminated. */
void gw_metric_name(const struct gw_metric *metric, char out[GW_METRIC_NAME_MAX]);

/* Its value now; `slot` is the worker's number, and of no matter to other scopes. */
uint64_t gw_metric_value(const struct gw_metric *metric, const struct gw_counters *counters, int slot);

/* What the numbers belong to. */
struct gw_metrics_view {
    const struct gw_counters *counters;
    const char *instance;
    const char *config_hash;
    int workers;
    bool has_hub;
};

/* Everything in Prometheus' text format 0.0.4. Fails as the buffer does. */
enum gw_status gw_metrics_write(const struct gw_metrics_view *view, struct gw_buffer *out);

/* The reference page, in Markdown. Fails as the buffer does. */
enum gw_status gw_metrics_write_reference(struct gw_buffer *out);

#endif
