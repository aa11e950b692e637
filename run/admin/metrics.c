/* The table of metrics, and what is written from it. */
#include "run/admin/metrics.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

const struct gw_metric gw_metrics[] = {
#define INSTANCE_ROW(name, word, level, text) {GW_METRIC_INSTANCE, word, level, text, name},
#define WORKER_ROW(name, word, level, text)   {GW_METRIC_WORKER, word, level, text, name},
#define HUB_ROW(name, level, text)                                                                           \
    {GW_METRIC_HUB, #name, level, text, offsetof(struct gw_hub_counters, name)},
    GW_INSTANCE_TABLE(INSTANCE_ROW) GW_COUNTER_TABLE(WORKER_ROW) GW_HUB_COUNTER_TABLE(HUB_ROW)
#undef HUB_ROW
#undef WORKER_ROW
#undef INSTANCE_ROW
};
const size_t gw_metric_count = sizeof gw_metrics / sizeof gw_metrics[0];

static const char *const prefixes[GW_METRIC_SCOPE_COUNT] = {
    [GW_METRIC_INSTANCE] = "glosswire_instance_",
    [GW_METRIC_WORKER] = "glosswire_",
    [GW_METRIC_HUB] = "glosswire_hub_",
};

static void append(struct gw_buffer *out, const char *text) {
    gw_buffer_append_str(out, gw_str_from(text));
}

void gw_metric_name(const struct gw_metric *metric, char out[GW_METRIC_NAME_MAX]) {
    snprintf(out, GW_METRIC_NAME_MAX, "%s%s%s", prefixes[metric->scope], metric->word,
             metric->is_level ? "" : "_total");
}

uint64_t gw_metric_value(const struct gw_metric *metric, const struct gw_counters *counters, int slot) {
    switch (metric->scope) {
    case GW_METRIC_INSTANCE:
        return gw_instance_get(&counters->instance, (enum gw_instance_counter)metric->place);
    case GW_METRIC_WORKER:
        return gw_counter_get(&counters->workers[slot], (enum gw_counter)metric->place);
    default: {
        const char *hub = (const char *)&counters->hub;
        return atomic_load_explicit((const _Atomic uint64_t *)(const void *)(hub + metric->place),
                                    memory_order_relaxed);
    }
    }
}

/* Dead letters are told apart by their reasons; the sum of these is their number. */
static bool is_split_by_reason(const struct gw_metric *metric) {
    return metric->scope == GW_METRIC_WORKER && metric->place == GW_COUNTER_DEAD_LETTERS;
}

/* Prometheus */

static void write_head(const char *name, const char *type, const char *text, struct gw_buffer *out) {
    gw_buffer_appendf(out, "# HELP %s %s\n# TYPE %s %s\n", name, text, name, type);
}

/* Inside a label's quotes a backslash, a quote and a line feed are escaped. */
static void append_label(const char *value, struct gw_buffer *out) {
    for (; *value; value++) {
        if (*value == '\\' || *value == '"') {
            gw_buffer_append_byte(out, '\\');
        }
        gw_buffer_append_byte(out, *value == '\n' ? ' ' : (uint8_t)*value);
    }
}

/* Reasons are statuses of the input's fault. */
static void write_reasons(const char *name, const struct gw_counters *counters, int slot,
                          struct gw_buffer *out) {
    for (size_t i = 0; i < GW_STATUS_COUNT; i++) {
        uint64_t count = atomic_load_explicit(&counters->workers[slot].reasons[i], memory_order_relaxed);
        if (gw_status_fault((enum gw_status)i) == GW_FAULT_INPUT || count > 0) {
            gw_buffer_appendf(out, "%s{worker=\"%d\",reason=\"%s\"} %" PRIu64 "\n", name, slot,
                              gw_status_word((enum gw_status)i), count);
        }
    }
}

static void write_metric(const struct gw_metric *metric, const struct gw_metrics_view *view,
                         struct gw_buffer *out) {
    char name[GW_METRIC_NAME_MAX];
    gw_metric_name(metric, name);
    write_head(name, metric->is_level ? "gauge" : "counter", metric->text, out);
    if (metric->scope != GW_METRIC_WORKER) {
        gw_buffer_appendf(out, "%s %" PRIu64 "\n", name, gw_metric_value(metric, view->counters, 0));
    }
    for (int slot = 0; metric->scope == GW_METRIC_WORKER && slot < view->workers; slot++) {
        if (is_split_by_reason(metric)) {
            write_reasons(name, view->counters, slot, out);
        } else {
            gw_buffer_appendf(out, "%s{worker=\"%d\"} %" PRIu64 "\n", name, slot,
                              gw_metric_value(metric, view->counters, slot));
        }
    }
}

static const char info_name[] = "glosswire_info";
static const char info_text[] = "1; its labels say what runs";
static const char start_name[] = "glosswire_start_time_seconds";
static const char start_text[] = "when the instance started, in seconds since 1970";

static void write_whole(const struct gw_metrics_view *view, struct gw_buffer *out) {
    int64_t started_ms = atomic_load_explicit(&view->counters->instance.started_ms, memory_order_relaxed);
    write_head(info_name, "gauge", info_text, out);
    gw_buffer_appendf(out, "%s{version=\"" GW_VERSION "\",instance=\"", info_name);
    append_label(view->instance, out);
    append(out, "\",config_hash=\"");
    append_label(view->config_hash, out);
    append(out, "\"} 1\n");
    write_head(start_name, "gauge", start_text, out);
    gw_buffer_appendf(out, "%s %" PRId64 ".%03d\n", start_name, started_ms / 1000, (int)(started_ms % 1000));
}

enum gw_status gw_metrics_write(const struct gw_metrics_view *view, struct gw_buffer *out) {
    write_whole(view, out);
    for (size_t i = 0; i < gw_metric_count; i++) {
        if (gw_metrics[i].scope != GW_METRIC_HUB || view->has_hub) {
            write_metric(&gw_metrics[i], view, out);
        }
    }
    return out->failed;
}

/* The reference */

static const struct {
    const char *heading, *text;
} sections[GW_METRIC_SCOPE_COUNT] = {
    [GW_METRIC_INSTANCE] = {"The instance", "What the supervisor knows of the whole."},
    [GW_METRIC_WORKER] = {"Workers", "One series for each worker, by the label `worker`."},
    [GW_METRIC_HUB] = {"The hub", "Only where ZeroMQ is source, sink or the dead letters' place."},
};

static void reference_row(const char *name, const char *type, const char *labels, const char *text,
                          struct gw_buffer *out) {
    gw_buffer_appendf(out, "| `%s` | %s | %s | %s |\n", name, type, labels, text);
}

static void reference_section(enum gw_metric_scope scope, struct gw_buffer *out) {
    gw_buffer_appendf(out, "\n## %s\n\n%s\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n",
                      sections[scope].heading, sections[scope].text);
    if (scope == GW_METRIC_INSTANCE) {
        reference_row(info_name, "gauge", "version, instance, config_hash", info_text, out);
        reference_row(start_name, "gauge", "", start_text, out);
    }
    for (size_t i = 0; i < gw_metric_count; i++) {
        const struct gw_metric *metric = &gw_metrics[i];
        char name[GW_METRIC_NAME_MAX];
        gw_metric_name(metric, name);
        if (metric->scope == scope) {
            reference_row(name, metric->is_level ? "gauge" : "counter",
                          is_split_by_reason(metric) ? "worker, reason"
                                                     : (scope == GW_METRIC_WORKER ? "worker" : ""),
                          metric->text, out);
        }
    }
}

enum gw_status gw_metrics_write_reference(struct gw_buffer *out) {
    append(out,
           "<!-- Made by gw_generate_config from the tables in run/counters.h and run/hub/hub.h. -->\n"
           "# Metrics\n\n"
           "`http://ADDRESS/metrics`, with the ADDRESS of the key `admin.listen`, gives these in Prometheus' "
           "text format; `/` shows them to people, `/status` as JSON. `/healthz` answers 200 while the "
           "supervisor works, `/readyz` while every process runs, has joined its group and moves, and "
           "otherwise 503 with the reason.\n\nCounters begin at 0 when the instance starts, and go on when a "
           "worker or the hub "
           "is started again; gauges are as of now.\n");
    for (int scope = 0; scope < GW_METRIC_SCOPE_COUNT; scope++) {
        reference_section((enum gw_metric_scope)scope, out);
    }
    append(
        out,
        "\nThe reasons of dead letters are those of [the dead letter](dead_letter.md); `crashed` counts the "
        "articles in quarantine.\n");
    return out->failed;
}
