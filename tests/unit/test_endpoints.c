/* run/endpoints.h: which sinks a config needs, and opening those that need no server. */
#include "run/endpoints.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

static struct gw_config *load(const char *text, const char *directory) {
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    enum gw_status status = gw_config_load(gw_str_from(text), directory, &config, &errors);
    if (status != GW_OK) {
        gw_config_print_errors(&errors, "test", stderr);
    }
    assert_int_equal(status, GW_OK);
    return config;
}

#define KAFKA_SINK "sink: {kafka: {brokers: b, topic: t, properties: {linger.ms: 5}}}\n"

static void test_one_sink_serves_both_outlets_where_it_can(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool shared;
    } cases[] = {
        {KAFKA_SINK, true},
        {KAFKA_SINK "dead_letters: {kafka: {topic: other}}", true},
        {KAFKA_SINK "dead_letters: {kafka: {brokers: elsewhere}}", false},
        {KAFKA_SINK "dead_letters: {kafka: {tls: true}}", false},
        {KAFKA_SINK "dead_letters: {kafka: {properties: {linger.ms: 6}}}", false},
        {KAFKA_SINK "dead_letters: {file: {path: d}}", false},
        {"", false},
        {"dead_letters: {zeromq: {}}", true},
        {"sink: {file: {path: r}}", true},
        {"sink: {file: {path: r}}\ndead_letters: {file: {format: msgpack}}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_config *config = load(cases[i].text, NULL);
        assert_int_equal(gw_endpoints_share_sink(config), cases[i].shared);
        gw_config_free(config);
    }
}

static void open_files(const char *sinks, bool shared, struct scratch_dir *dir) {
    static struct gw_endpoints endpoints;
    struct gw_error error;
    char text[512];
    snprintf(text, sizeof text, "state_dir: .\nrun_dir: .\nsource: {file: {paths: [in.jsonl]}}\n%s", sinks);
    struct gw_config *config = load(text, dir->name);
    const struct gw_source_events events = {NULL, NULL};
    memset(&endpoints, 0, sizeof endpoints);
    assert_int_equal(gw_endpoints_open_sinks(&endpoints, config, 0, &gw_clock_system, &error), GW_OK);
    assert_int_equal(endpoints.sinks[0] == endpoints.sinks[1], shared);
    assert_int_equal(gw_endpoints_open_source(&endpoints, &events, &error), GW_OK);
    assert_string_equal(endpoints.source->ops->name, "file");
    gw_endpoints_close(&endpoints);
    assert_null(endpoints.source);
    gw_config_free(config);
}

static void test_files_are_opened(void **state) {
    scratch_write(scratch_dir_path(*state, "in.jsonl"), "", 0);
    open_files("sink: {file: {path: out.jsonl}}\n", true, *state);
    open_files("sink: {file: {path: out.mp, format: msgpack}}\ndead_letters: {file: {format: jsonl}}\n",
               false, *state);
}

/* Closing is right after every failure. */
static void test_what_cannot_be_opened_is_named(void **state) {
    struct scratch_dir *dir = *state;
    static const char *const bad[] = {
        "sink: {file: {path: none/out}}\n",
        "sink: {file: {path: out}}\ndead_letters: {file: {path: none/out, format: msgpack}}\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct gw_endpoints endpoints = {0};
        struct gw_error error;
        char text[512];
        snprintf(text, sizeof text, "state_dir: .\nrun_dir: .\nsource: {file: {paths: [in.jsonl]}}\n%s",
                 bad[i]);
        struct gw_config *config = load(text, dir->name);
        assert_int_equal(gw_endpoints_open_sinks(&endpoints, config, 0, &gw_clock_system, &error), GW_SYSTEM);
        assert_non_null(strstr(error.detail, "none/out"));
        gw_endpoints_close(&endpoints);
        gw_config_free(config);
    }
    struct gw_endpoints endpoints = {0};
    struct gw_error error;
    const struct gw_source_events events = {NULL, NULL};
    struct gw_config *config =
        load("state_dir: .\nrun_dir: .\nsource: {file: {paths: [none.jsonl]}}\nsink: {file: {path: out}}\n",
             dir->name);
    assert_int_equal(gw_endpoints_open_sinks(&endpoints, config, 0, &gw_clock_system, &error), GW_OK);
    assert_int_not_equal(gw_endpoints_open_source(&endpoints, &events, &error), GW_OK);
    assert_non_null(strstr(error.detail, "none.jsonl"));
    gw_endpoints_close(&endpoints);
    gw_config_free(config);
}

int main(void) {
#define IN_DIR(name) cmocka_unit_test_setup_teardown(name, scratch_dir_set_up, scratch_dir_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_sink_serves_both_outlets_where_it_can),
        IN_DIR(test_files_are_opened),
        IN_DIR(test_what_cannot_be_opened_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
