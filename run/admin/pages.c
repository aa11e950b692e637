/* Pages for people and for machines, from the shared counters alone. */
#include "run/admin/pages.h"

#include "run/vitals.h"
#include "schemas/json_writer.h"

#include <inttypes.h>
#include <stdio.h>

enum { OK = 200, UNAVAILABLE = 503 };

static void append(struct gw_buffer *out, const char *text) {
    gw_buffer_append_str(out, gw_str_from(text));
}

static const struct gw_instance_counters *instance_of(const struct gw_page_view *view) {
    return &view->metrics.counters->instance;
}

static const char *health_of(const struct gw_page_view *view) {
    return gw_health_text(atomic_load_explicit(&instance_of(view)->health, memory_order_relaxed));
}

static bool is_alive(const struct gw_page_view *view) {
    int64_t beat_ns = atomic_load_explicit(&instance_of(view)->beat_ns, memory_order_relaxed);
    return view->now_ns - beat_ns < GW_ADMIN_BEAT_MS * GW_NS_PER_MS;
}

static bool is_ready(const struct gw_page_view *view) {
    return is_alive(view) && gw_instance_get(instance_of(view), GW_INSTANCE_READY);
}

static unsigned write_metrics(const struct gw_page_view *view, struct gw_buffer *out) {
    gw_metrics_write(&view->metrics, out);
    return OK;
}

static const char silent[] = "the supervisor does not come round";

static unsigned write_health(const struct gw_page_view *view, struct gw_buffer *out) {
    gw_buffer_appendf(out, "%s\n", is_alive(view) ? "alive" : silent);
    return is_alive(view) ? OK : UNAVAILABLE;
}

static unsigned write_readiness(const struct gw_page_view *view, struct gw_buffer *out) {
    gw_buffer_appendf(out, "%s\n", is_alive(view) ? health_of(view) : silent);
    return is_ready(view) ? OK : UNAVAILABLE;
}

/* JSON */

/* Words of the tables fit: their names are shorter than a metric's. */
static struct gw_term word_of(const char *text) {
    struct gw_term word = {0};
    word.size = (uint8_t)snprintf(word.text, sizeof word.text, "%s", text);
    return word;
}

static void json_string(struct gw_writer *json, const char *key, const char *text) {
    const struct gw_term word = word_of(key);
    json->ops->string(json, &word, gw_str_from(text));
}

static size_t count_of(enum gw_metric_scope scope) {
    size_t count = 0;
    for (size_t i = 0; i < gw_metric_count; i++) {
        count += gw_metrics[i].scope == scope;
    }
    return count;
}

static void json_numbers(struct gw_writer *json, const struct gw_term *key, enum gw_metric_scope scope,
                         const struct gw_counters *counters, int slot) {
    json->ops->map(json, key, count_of(scope));
    for (size_t i = 0; i < gw_metric_count; i++) {
        if (gw_metrics[i].scope == scope) {
            const struct gw_term word = word_of(gw_metrics[i].word);
            json->ops->unsigned_integer(json, &word, gw_metric_value(&gw_metrics[i], counters, slot));
        }
    }
    json->ops->end_map(json);
}

static unsigned write_status(const struct gw_page_view *view, struct gw_buffer *out) {
    const struct gw_metrics_view *metrics = &view->metrics;
    const struct gw_term instance = word_of("counters"), workers = word_of("workers"), hub = word_of("hub");
    const struct gw_term started = word_of("started_ms"), ready = word_of("ready");
    struct gw_writer json;
    gw_json_writer_init(&json, out, 2);
    json.ops->map(&json, NULL, metrics->has_hub ? 9 : 8);
    json_string(&json, "program", "glosswire/" GW_VERSION);
    json_string(&json, "instance", metrics->instance);
    json_string(&json, "config_hash", metrics->config_hash);
    json.ops->integer(&json, &started,
                      atomic_load_explicit(&instance_of(view)->started_ms, memory_order_relaxed));
    json.ops->boolean(&json, &ready, is_ready(view));
    json_string(&json, "health", is_alive(view) ? health_of(view) : silent);
    json_numbers(&json, &instance, GW_METRIC_INSTANCE, metrics->counters, 0);
    json.ops->array(&json, &workers, (size_t)metrics->workers);
    for (int slot = 0; slot < metrics->workers; slot++) {
        json_numbers(&json, NULL, GW_METRIC_WORKER, metrics->counters, slot);
    }
    json.ops->end_array(&json);
    if (metrics->has_hub) {
        json_numbers(&json, &hub, GW_METRIC_HUB, metrics->counters, 0);
    }
    json.ops->end_map(&json);
    gw_buffer_append_byte(out, '\n');
    return OK;
}

/* HTML */

static const char page_begin[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
    "content=\"2\">\n"
    "<title>glosswire</title>\n<style>\n"
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 "
    "1em;color:#222;background:#fff}\n"
    "h1{font-size:1.3em}h2{font-size:1.05em;margin:1.5em 0 .3em}\n"
    ".ready{color:#17692f}.not{color:#a4161a}\n"
    "table{border-collapse:collapse}td,th{padding:.1em "
    ".8em;text-align:right;font-variant-numeric:tabular-nums}\n"
    "td:first-child,th:first-child,td:last-child,th:last-child{text-align:left}\n"
    "tr:nth-child(even){background:#f3f3f3}\n"
    "</style></head><body>\n";

/* Nothing here is anybody's text but the instance's name, which is letters, digits, '.', '_' and '-'. */
static void html_head(const struct gw_page_view *view, struct gw_buffer *out) {
    char now[GW_RFC3339_SIZE];
    gw_clock_format_rfc3339(view->wall_ms, now);
    append(out, page_begin);
    gw_buffer_appendf(
        out,
        "<h1>glosswire " GW_VERSION ", instance %s: <span class=\"%s\">%s</span></h1>\n"
        "<p>%s · <a href=\"/metrics\">metrics</a> · <a href=\"/status\">status as JSON</a> · <a "
        "href=\"/readyz\">ready?</a></p>\n",
        view->metrics.instance, is_ready(view) ? "ready" : "not", is_alive(view) ? health_of(view) : silent,
        now);
}

static void html_workers(const struct gw_metrics_view *metrics, struct gw_buffer *out) {
    append(out, "<h2>Workers</h2>\n<table><tr><th></th>");
    for (int slot = 0; slot < metrics->workers; slot++) {
        gw_buffer_appendf(out, "<th>%d</th>", slot);
    }
    append(out, "<th></th></tr>\n");
    for (size_t i = 0; i < gw_metric_count; i++) {
        if (gw_metrics[i].scope == GW_METRIC_WORKER) {
            gw_buffer_appendf(out, "<tr><td>%s</td>", gw_metrics[i].word);
            for (int slot = 0; slot < metrics->workers; slot++) {
                gw_buffer_appendf(out, "<td>%" PRIu64 "</td>",
                                  gw_metric_value(&gw_metrics[i], metrics->counters, slot));
            }
            gw_buffer_appendf(out, "<td>%s</td></tr>\n", gw_metrics[i].text);
        }
    }
    append(out, "</table>\n");
}

static void html_numbers(const char *heading, enum gw_metric_scope scope,
                         const struct gw_metrics_view *metrics, struct gw_buffer *out) {
    gw_buffer_appendf(out, "<h2>%s</h2>\n<table>\n", heading);
    for (size_t i = 0; i < gw_metric_count; i++) {
        if (gw_metrics[i].scope == scope) {
            gw_buffer_appendf(out, "<tr><td>%s</td><td>%" PRIu64 "</td><td>%s</td></tr>\n",
                              gw_metrics[i].word, gw_metric_value(&gw_metrics[i], metrics->counters, 0),
                              gw_metrics[i].text);
        }
    }
    append(out, "</table>\n");
}

static void html_reasons(const struct gw_metrics_view *metrics, struct gw_buffer *out) {
    struct gw_counters_sum sum;
    gw_counters_add_up(metrics->counters, &sum);
    append(out, "<h2>Dead letters, by reason</h2>\n<table>\n");
    for (size_t i = 0; i < GW_STATUS_COUNT; i++) {
        if (sum.reasons[i] > 0) {
            gw_buffer_appendf(out, "<tr><td>%s</td><td>%" PRIu64 "</td><td>%s</td></tr>\n",
                              gw_status_word((enum gw_status)i), sum.reasons[i],
                              gw_status_text((enum gw_status)i));
        }
    }
    append(out, "</table>\n");
}

static unsigned write_live(const struct gw_page_view *view, struct gw_buffer *out) {
    html_head(view, out);
    html_workers(&view->metrics, out);
    html_reasons(&view->metrics, out);
    if (view->metrics.has_hub) {
        html_numbers("Hub", GW_METRIC_HUB, &view->metrics, out);
    }
    html_numbers("Instance", GW_METRIC_INSTANCE, &view->metrics, out);
    append(out, "</body></html>\n");
    return OK;
}

#define PLAIN "text/plain; charset=utf-8"

const struct gw_page gw_pages[] = {
    {"/", "text/html; charset=utf-8", "what goes on, for a browser; looks again every two seconds",
     write_live},
    {"/metrics", "text/plain; version=0.0.4; charset=utf-8", "for Prometheus", write_metrics},
    {"/healthz", PLAIN, "200 while the supervisor works", write_health},
    {"/readyz", PLAIN, "200 while everything runs, has joined its group and moves; else 503 and why",
     write_readiness},
    {"/status", "application/json", "the same numbers as JSON", write_status},
};
const size_t gw_page_count = sizeof gw_pages / sizeof gw_pages[0];

const struct gw_page *gw_page_find(const char *path) {
    for (size_t i = 0; i < gw_page_count; i++) {
        if (strcmp(gw_pages[i].path, path) == 0) {
            return &gw_pages[i];
        }
    }
    return NULL;
}
