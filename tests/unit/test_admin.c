/* run/admin: the pages, and the server between them and a socket. */
#include "run/admin/pages.h"
#include "run/admin/server.h"

#include "base/log.h"
#include "run/vitals.h"
#include "unit/failing_allocator.h"
#include "unit/fake_clock.h"
#include "unit/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct gw_counters counters;
static struct fake_clock time_now;
static struct gw_clock clock_now;
static struct gw_page_view view;
static struct gw_buffer out;
static struct gw_error error;

static int setup(void **state) {
    (void)state;
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    memset(&counters, 0, sizeof counters);
    time_now = (struct fake_clock){.monotonic_ns = 100 * GW_NS_PER_S};
    clock_now = fake_clock(&time_now);
    atomic_store(&counters.instance.beat_ns, time_now.monotonic_ns);
    gw_instance_set(&counters.instance, GW_INSTANCE_READY, 1);
    view = (struct gw_page_view){.metrics = {.counters = &counters,
                                             .instance = "news-1",
                                             .config_hash = "abc",
                                             .workers = 2,
                                             .has_hub = true},
                                 .now_ns = time_now.monotonic_ns};
    gw_buffer_init(&out, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    gw_buffer_free(&out);
    return 0;
}

static bool shows(const char *text) {
    return out.size > 0 && memmem(out.data, out.size, text, strlen(text));
}

static unsigned write_page(const char *path) {
    gw_buffer_clear(&out);
    const struct gw_page *page = gw_page_find(path);
    assert_non_null(page);
    return page->write(&view, &out);
}

static void test_each_metric_has_its_series(void **state) {
    (void)state;
    gw_counter_add(&counters.workers[1], GW_COUNTER_RECORDS, 7);
    gw_counter_dead_letter(&counters.workers[0], GW_CRASHED);
    atomic_store(&counters.hub.redealt, 3);
    assert_int_equal(write_page("/metrics"), 200);
    for (size_t i = 0; i < gw_metric_count; i++) {
        char name[GW_METRIC_NAME_MAX], line[512];
        gw_metric_name(&gw_metrics[i], name);
        snprintf(line, sizeof line, "# HELP %s %s\n# TYPE %s %s\n%s", name, gw_metrics[i].text, name,
                 gw_metrics[i].is_level ? "gauge" : "counter", name);
        assert_true(shows(line));
    }
    assert_true(shows("glosswire_records_total{worker=\"1\"} 7\n"));
    assert_true(shows("glosswire_dead_letters_total{worker=\"0\",reason=\"crashed\"} 1\n"));
    assert_true(shows("glosswire_dead_letters_total{worker=\"1\",reason=\"bad_utf8\"} 0\n"));
    assert_true(shows("glosswire_hub_redealt_total 3\n"));
    assert_true(shows("instance=\"news-1\",config_hash=\"abc\"} 1\n"));
    assert_false(shows("worker=\"2\""));
}

static void test_without_a_hub_none_is_shown(void **state) {
    (void)state;
    view.metrics.has_hub = false;
    static const char *const paths[] = {"/metrics", "/status", "/"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        write_page(paths[i]);
        assert_false(shows("redealt"));
    }
}

static void test_names_are_no_two_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < gw_metric_count; i++) {
        char name[GW_METRIC_NAME_MAX], other[GW_METRIC_NAME_MAX];
        gw_metric_name(&gw_metrics[i], name);
        for (size_t k = 0; k < i; k++) {
            gw_metric_name(&gw_metrics[k], other);
            assert_string_not_equal(name, other);
        }
    }
}

static void test_the_reference_names_every_metric(void **state) {
    (void)state;
    assert_int_equal(gw_metrics_write_reference(&out), GW_OK);
    for (size_t i = 0; i < gw_metric_count; i++) {
        char name[GW_METRIC_NAME_MAX], cell[GW_METRIC_NAME_MAX + 8];
        gw_metric_name(&gw_metrics[i], name);
        snprintf(cell, sizeof cell, "| `%s` |", name);
        assert_true(shows(cell));
        assert_true(shows(gw_metrics[i].text));
    }
}

static void test_readiness_says_why_not(void **state) {
    (void)state;
    assert_int_equal(write_page("/readyz"), 200);
    assert_true(shows("ready\n"));
    gw_instance_set(&counters.instance, GW_INSTANCE_READY, 0);
    atomic_store(&counters.instance.health, GW_HEALTH_STALLED);
    assert_int_equal(write_page("/readyz"), 503);
    assert_true(shows(gw_health_text(GW_HEALTH_STALLED)));
    assert_int_equal(write_page("/healthz"), 200);
}

static void test_a_supervisor_that_does_not_come_round_is_not_healthy(void **state) {
    (void)state;
    view.now_ns += GW_ADMIN_BEAT_MS * GW_NS_PER_MS;
    assert_int_equal(write_page("/healthz"), 503);
    assert_int_equal(write_page("/readyz"), 503);
    assert_int_equal(write_page("/status"), 200);
    assert_true(shows("\"ready\": false"));
}

static void test_the_pages_show_what_there_is(void **state) {
    (void)state;
    gw_counter_add(&counters.workers[1], GW_COUNTER_RECORDS, 4711);
    gw_counter_dead_letter(&counters.workers[0], GW_CRASHED);
    write_page("/");
    assert_true(shows("<td>records</td><td>0</td><td>4711</td>"));
    assert_true(shows("<td>crashed</td><td>1</td>"));
    assert_true(shows("instance news-1: <span class=\"ready\">ready"));
    write_page("/status");
    assert_true(shows("\"records\": 4711"));
    assert_true(shows("\"health\": \"ready\""));
    assert_null(gw_page_find("/nothing"));
}

static void test_each_allocation_may_fail(void **state) {
    (void)state;
    for (size_t i = 0; i < gw_page_count; i++) {
        struct failing_allocator failing = {.fail_at = 0};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_buffer small;
        gw_buffer_init(&small, &allocator, SIZE_MAX);
        gw_pages[i].write(&view, &small);
        assert_int_equal(small.failed, GW_NO_MEMORY);
        gw_buffer_free(&small);
    }
}

static void test_addresses(void **state) {
    (void)state;
    static const char *const good[] = {"127.0.0.1:5557", "localhost:0", "[::1]:80", "0.0.0.0:65535", "off"};
    static const char *const bad[] = {"",          "5557",       ":5557", "127.0.0.1", "127.0.0.1:", "::1:80",
                                      "host:port", "host:65536", "[]:80", "host:-1",   "host:1x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_null(gw_admin_listen_check(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_non_null(gw_admin_listen_check(bad[i]));
    }
}

/* The server */

static struct gw_admin_settings settings_for(const char *listen) {
    return (struct gw_admin_settings){.listen = listen,
                                      .instance = "news-1",
                                      .config_hash = "abc",
                                      .workers = 2,
                                      .counters = &counters,
                                      .lifeline_fd = -1,
                                      .clock = &clock_now};
}

static struct gw_admin *serve(void) {
    struct gw_admin *admin;
    const struct gw_admin_settings settings = settings_for("127.0.0.1:0");
    assert_int_equal(gw_admin_open(&settings, &admin, &error), GW_OK);
    return admin;
}

static int dial(const struct gw_admin *admin) {
    const char *port = strrchr(gw_admin_address(admin), ':') + 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends a request and reads until the server closes, or has sent `enough`. */
static void ask(struct gw_admin *admin, int fd, const char *request, size_t size, const char *enough) {
    gw_buffer_clear(&out);
    while (size > 0) {
        ssize_t sent = send(fd, request, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        request += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
        gw_admin_step(admin);
        if (sent < 0 && errno != EAGAIN) {
            break;
        }
    }
    for (int i = 0; i < 2000 && !shows(enough); i++) {
        char bytes[4096];
        gw_admin_step(admin);
        ssize_t got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            return;
        }
        if (got > 0) {
            gw_buffer_append(&out, bytes, (size_t)got);
        } else {
            poll(NULL, 0, 1);
        }
    }
}

static void ask_line(struct gw_admin *admin, int fd, const char *request, const char *enough) {
    ask(admin, fd, request, strlen(request), enough);
}

static void test_pages_are_served(void **state) {
    (void)state;
    struct gw_admin *admin = serve();
    int fd = dial(admin);
    ask_line(admin, fd, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", "ready\n");
    assert_true(shows("HTTP/1.1 200 OK\r\n"));
    assert_true(shows("Content-Security-Policy: default-src 'none'"));
    ask_line(admin, fd, "GET /metrics?a=b HTTP/1.1\r\nHost: x\r\n\r\n", "glosswire_stalls_total");
    assert_true(shows("Content-Type: text/plain; version=0.0.4"));
    ask_line(admin, fd, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", "/status\n");
    assert_true(shows("HTTP/1.1 404 "));
    close(fd);
    gw_admin_close(admin);
}

static void test_what_is_not_asked_for_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *request, *answer;
    } cases[] = {
        {"POST /status HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 405 "},
        {"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n", "HTTP/1.1 413 "},
        {"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 413 "},
    };
    struct gw_admin *admin = serve();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = dial(admin);
        ask_line(admin, fd, cases[i].request, "\r\n\r\n");
        assert_true(shows(cases[i].answer));
        close(fd);
    }
    gw_admin_close(admin);
}

static void test_a_long_request_is_refused(void **state) {
    (void)state;
    struct gw_admin *admin = serve();
    size_t size = 4 * GW_ADMIN_CONNECTION_BYTES;
    char *request = malloc(size);
    assert_non_null(request);
    memset(request, 'a', size);
    memcpy(request, "GET /", 5);
    int fd = dial(admin);
    ask(admin, fd, request, size, "\r\n\r\n");
    assert_false(shows("HTTP/1.1 200"));
    close(fd);
    memcpy(request, "GET / HTTP/1.1\r\nX: ", 19);
    fd = dial(admin);
    ask(admin, fd, request, size, "\r\n\r\n");
    assert_false(shows("HTTP/1.1 200"));
    close(fd);
    fd = dial(admin);
    ask_line(admin, fd, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", "ready\n");
    assert_true(shows("HTTP/1.1 200 OK\r\n"));
    close(fd);
    free(request);
    gw_admin_close(admin);
}

static void test_so_many_connections_and_no_more(void **state) {
    (void)state;
    int fds[GW_ADMIN_CONNECTIONS_MAX + 8];
    size_t count = sizeof fds / sizeof fds[0], served = 0;
    struct gw_admin *admin = serve();
    for (size_t i = 0; i < count; i++) {
        fds[i] = dial(admin);
        gw_admin_step(admin);
    }
    for (size_t i = 0; i < count; i++) {
        static const char request[] = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n";
        send(fds[i], request, sizeof request - 1, MSG_NOSIGNAL);
    }
    for (int i = 0; i < 200; i++) {
        gw_admin_step(admin);
        poll(NULL, 0, 1);
    }
    for (size_t i = 0; i < count; i++) {
        char bytes[16];
        served += recv(fds[i], bytes, sizeof bytes, MSG_DONTWAIT) > 0;
        close(fds[i]);
    }
    assert_int_equal(served, GW_ADMIN_CONNECTIONS_MAX);
    gw_admin_close(admin);
}

static void test_an_address_that_is_taken_is_named(void **state) {
    (void)state;
    struct gw_admin *admin = serve(), *second;
    char address[64];
    snprintf(address, sizeof address, "%s", gw_admin_address(admin));
    const struct gw_admin_settings settings = settings_for(address);
    assert_int_equal(gw_admin_open(&settings, &second, &error), GW_REFUSED);
    assert_null(second);
    assert_non_null(strstr(error.detail, address));
    gw_admin_close(admin);
    assert_int_equal(gw_admin_open(&settings, &second, &error), GW_OK);
    gw_admin_close(second);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_each_metric_has_its_series),
        TEST(test_without_a_hub_none_is_shown),
        TEST(test_names_are_no_two_the_same),
        TEST(test_the_reference_names_every_metric),
        TEST(test_readiness_says_why_not),
        TEST(test_a_supervisor_that_does_not_come_round_is_not_healthy),
        TEST(test_the_pages_show_what_there_is),
        TEST(test_each_allocation_may_fail),
        TEST(test_addresses),
        TEST(test_pages_are_served),
        TEST(test_what_is_not_asked_for_is_refused),
        TEST(test_a_long_request_is_refused),
        TEST(test_so_many_connections_and_no_more),
        TEST(test_an_address_that_is_taken_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
