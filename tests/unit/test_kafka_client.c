/* transport/kafka_client.h, kafka_headers.h and kafka_positions.h */
#include "transport/kafka_client.h"

#include "base/log.h"
#include "transport/kafka_headers.h"
#include "transport/kafka_positions.h"
#include "unit/unit.h"

#include <stdio.h>
#include <unistd.h>

static rd_kafka_conf_t *conf_of(const struct gw_kafka_settings *settings) {
    const struct gw_property ours[] = {{"linger.ms", "7"}, {"group.id", NULL}};
    rd_kafka_conf_t *conf;
    struct gw_error error = {.status = GW_OK};
    if (gw_kafka_conf_new(settings, ours, 2, &conf, &error) != GW_OK) {
        fail_msg("%s", error.detail);
    }
    return conf;
}

static void assert_property(const struct gw_kafka_settings *settings, const char *name,
                            const char *expected) {
    char value[256];
    size_t size = sizeof value;
    rd_kafka_conf_t *conf = conf_of(settings);
    assert_int_equal(rd_kafka_conf_get(conf, name, value, &size), RD_KAFKA_CONF_OK);
    assert_string_equal(value, expected);
    rd_kafka_conf_destroy(conf);
}

/* The error's detail; static. */
static const char *refusal_of(const struct gw_kafka_settings *settings) {
    static struct gw_error error;
    rd_kafka_conf_t *conf;
    assert_int_equal(gw_kafka_conf_new(settings, NULL, 0, &conf, &error), GW_BAD_CONFIG);
    assert_int_equal(error.status, GW_BAD_CONFIG);
    return error.detail;
}

static void settings_become_properties(void **state) {
    (void)state;
    struct gw_kafka_settings settings = {
        .brokers = "one:1,two:2",
        .tls = true,
        .ca_file = "/ca.pem",
        .certificate_file = "/client.pem",
        .key_file = "/client.key",
        .sasl_mechanism = "SCRAM-SHA-512",
        .username = "ada",
    };
    assert_property(&settings, "bootstrap.servers", "one:1,two:2");
    assert_property(&settings, "security.protocol", "sasl_ssl");
    assert_property(&settings, "ssl.ca.location", "/ca.pem");
    assert_property(&settings, "ssl.certificate.location", "/client.pem");
    assert_property(&settings, "ssl.key.location", "/client.key");
    assert_property(&settings, "sasl.mechanism", "SCRAM-SHA-512");
    assert_property(&settings, "sasl.username", "ada");
    assert_property(&settings, "linger.ms", "7");
    assert_property(&settings, "client.id", "glosswire");
}

static void the_protocol_follows_from_tls_and_sasl(void **state) {
    (void)state;
    static const struct {
        bool tls;
        const char *mechanism, *protocol;
    } rows[] = {{false, NULL, "plaintext"},
                {true, NULL, "ssl"},
                {false, "PLAIN", "sasl_plaintext"},
                {true, "PLAIN", "sasl_ssl"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_kafka_settings settings = {
            .brokers = "one:1", .tls = rows[i].tls, .sasl_mechanism = rows[i].mechanism};
        assert_property(&settings, "security.protocol", rows[i].protocol);
    }
}

static void the_users_properties_win(void **state) {
    (void)state;
    const struct gw_property properties[] = {{"linger.ms", "99"}, {"security.protocol", "plaintext"}};
    struct gw_kafka_settings settings = {
        .brokers = "one:1", .tls = true, .properties = properties, .property_count = 2};
    assert_property(&settings, "linger.ms", "99");
    assert_property(&settings, "security.protocol", "plaintext");
    assert_true(gw_kafka_is_set(&settings, "linger.ms"));
    assert_false(gw_kafka_is_set(&settings, "linger"));
}

static void a_wrong_property_is_named(void **state) {
    (void)state;
    struct gw_property property = {"linger.mz", "1"};
    struct gw_kafka_settings settings = {.brokers = "one:1", .properties = &property, .property_count = 1};
    assert_non_null(strstr(refusal_of(&settings), "`linger.mz`"));
    property = (struct gw_property){"linger.ms", "soon"};
    assert_non_null(strstr(refusal_of(&settings), "`linger.ms`"));
    property = (struct gw_property){"dr_msg_cb", "x"};
    assert_non_null(strstr(refusal_of(&settings), "`dr_msg_cb`"));
}

static void properties_that_promises_rest_on_are_refused_with_a_remedy(void **state) {
    (void)state;
    static const char *const names[] = {
        "group.id",           "group.instance.id",        "transactional.id",
        "enable.auto.commit", "enable.auto.offset.store", "partition.assignment.strategy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct gw_property property = {names[i], "true"};
        struct gw_kafka_settings settings = {
            .brokers = "one:1", .properties = &property, .property_count = 1};
        const char *detail = refusal_of(&settings);
        assert_non_null(strstr(detail, names[i]));
        assert_non_null(strstr(detail, "cannot be set: "));
    }
}

static void a_user_without_a_mechanism_is_refused(void **state) {
    (void)state;
    struct gw_kafka_settings settings = {.brokers = "one:1", .username = "ada", .password = "hunter2"};
    assert_non_null(strstr(refusal_of(&settings), "`sasl_mechanism`"));
}

static void secrets_are_in_no_error(void **state) {
    (void)state;
    struct gw_property property = {"sasl.oauthbearer.method", "hunter2"};
    struct gw_kafka_settings settings = {.brokers = "one:1", .properties = &property, .property_count = 1};
    assert_null(strstr(refusal_of(&settings), "hunter2"));
}

static void secrets_are_in_no_log(void **state) {
    (void)state;
    FILE *log = tmpfile();
    assert_non_null(log);
    gw_log_init(GW_LOG_DEBUG, GW_LOG_LOGFMT, "test", -1);
    gw_log_redirect(fileno(log), &gw_clock_system);
    /* Everything that librdkafka has to say, its configuration among it. */
    const struct gw_property debug = {"debug", "all"};
    struct gw_kafka_settings settings = {.brokers = "127.0.0.1:1",
                                         .sasl_mechanism = "PLAIN",
                                         .username = "ada",
                                         .password = "hunter2",
                                         .properties = &debug,
                                         .property_count = 1};
    rd_kafka_t *client;
    assert_int_equal(gw_kafka_client_new(RD_KAFKA_PRODUCER, conf_of(&settings), &client, NULL), GW_OK);
    rd_kafka_destroy(client);
    gw_log_redirect(STDERR_FILENO, &gw_clock_system);
    static char text[1 << 20];
    ssize_t size = pread(fileno(log), text, sizeof text - 1, 0);
    assert_true(size > 0);
    text[size] = '\0';
    assert_non_null(strstr(text, "librdkafka"));
    assert_null(strstr(text, "hunter2"));
    fclose(log);
}

static void properties_that_do_not_go_together_are_refused(void **state) {
    (void)state;
    const struct gw_property properties[] = {{"enable.idempotence", "true"}, {"acks", "1"}};
    struct gw_kafka_settings settings = {.brokers = "one:1", .properties = properties, .property_count = 2};
    rd_kafka_t *client;
    struct gw_error error;
    assert_int_equal(gw_kafka_client_new(RD_KAFKA_PRODUCER, conf_of(&settings), &client, &error),
                     GW_BAD_CONFIG);
    assert_non_null(strstr(error.detail, "acks"));
}

static void a_missing_certificate_is_a_wrong_setting(void **state) {
    (void)state;
    struct gw_kafka_settings settings = {.brokers = "one:1", .tls = true, .ca_file = "/nowhere/ca.pem"};
    rd_kafka_t *client;
    struct gw_error error;
    assert_int_equal(gw_kafka_client_new(RD_KAFKA_PRODUCER, conf_of(&settings), &client, &error),
                     GW_BAD_CONFIG);
    assert_non_null(strstr(error.detail, "ssl.ca.location"));
}

static void numbers_are_read_back(void **state) {
    (void)state;
    struct gw_kafka_settings settings = {.brokers = "one:1"};
    rd_kafka_conf_t *conf = conf_of(&settings);
    assert_int_equal(gw_kafka_conf_number(conf, "message.max.bytes"), 1000000);
    assert_int_equal(gw_kafka_conf_number(conf, "no.such.thing"), 0);
    rd_kafka_conf_destroy(conf);
}

static void errors_say_whose_fault_they_are(void **state) {
    (void)state;
    static const struct {
        rd_kafka_resp_err_t code;
        enum gw_status status;
    } rows[] = {
        {RD_KAFKA_RESP_ERR_NO_ERROR, GW_OK},
        {RD_KAFKA_RESP_ERR__QUEUE_FULL, GW_AGAIN},
        {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, GW_TIMEOUT},
        {RD_KAFKA_RESP_ERR__TRANSPORT, GW_UNREACHABLE},
        {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, GW_OUTPUT_TOO_LARGE},
        {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, GW_REFUSED},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, GW_REFUSED},
        {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, GW_FENCED},
        {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, GW_FENCED},
        {RD_KAFKA_RESP_ERR__INVALID_ARG, GW_INTERNAL},
        /* Not in the table: tried again. */
        {RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, GW_UNREACHABLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(gw_kafka_status(rows[i].code), rows[i].status);
    }
}

static void an_error_comes_with_its_remedy(void **state) {
    (void)state;
    struct gw_error error;
    assert_int_equal(gw_kafka_fail(&error, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, "it must stop", NULL),
                     GW_FENCED);
    assert_non_null(strstr(error.detail, "it must stop: "));
    assert_non_null(strstr(error.detail, "`instance`"));
    assert_int_equal(
        gw_kafka_fail(&error, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "no", NULL),
        GW_REFUSED);
    assert_non_null(strstr(error.detail, "`delivery: at_least_once`"));
    gw_kafka_fail(&error, RD_KAFKA_RESP_ERR__QUEUE_FULL, "no", "because");
    assert_string_equal(error.detail, "no: because");
}

static void headers_are_copied_for_librdkafka(void **state) {
    (void)state;
    const struct gw_header items[] = {{GW_STR("content-type"), GW_STR("application/json")},
                                      {GW_STR("nothing"), {NULL, 0}},
                                      {GW_STR("empty"), GW_STR("")}};
    rd_kafka_headers_t *headers = gw_kafka_headers_write((struct gw_headers){items, 3});
    assert_int_equal(rd_kafka_header_cnt(headers), 3);
    const char *name;
    const void *value;
    size_t size;
    assert_int_equal(rd_kafka_header_get_all(headers, 0, &name, &value, &size), 0);
    assert_string_equal(name, "content-type");
    assert_true(gw_str_is((struct gw_str){value, size}, "application/json"));
    assert_int_equal(rd_kafka_header_get_all(headers, 1, &name, &value, &size), 0);
    assert_null(value);
    assert_int_equal(rd_kafka_header_get_all(headers, 2, &name, &value, &size), 0);
    assert_non_null(value);
    assert_int_equal(size, 0);
    rd_kafka_headers_destroy(headers);
    assert_null(gw_kafka_headers_write((struct gw_headers){NULL, 0}));
}

static void positions_own_their_parts(void **state) {
    (void)state;
    struct gw_positions *positions;
    assert_int_equal(gw_kafka_positions_new(rd_kafka_topic_partition_list_new(1),
                                            rd_kafka_consumer_group_metadata_new("readers"), &positions),
                     GW_OK);
    gw_positions_free(positions);
    gw_positions_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_become_properties),
        cmocka_unit_test(the_protocol_follows_from_tls_and_sasl),
        cmocka_unit_test(the_users_properties_win),
        cmocka_unit_test(a_wrong_property_is_named),
        cmocka_unit_test(properties_that_promises_rest_on_are_refused_with_a_remedy),
        cmocka_unit_test(a_user_without_a_mechanism_is_refused),
        cmocka_unit_test(secrets_are_in_no_error),
        cmocka_unit_test(secrets_are_in_no_log),
        cmocka_unit_test(properties_that_do_not_go_together_are_refused),
        cmocka_unit_test(a_missing_certificate_is_a_wrong_setting),
        cmocka_unit_test(numbers_are_read_back),
        cmocka_unit_test(errors_say_whose_fault_they_are),
        cmocka_unit_test(an_error_comes_with_its_remedy),
        cmocka_unit_test(headers_are_copied_for_librdkafka),
        cmocka_unit_test(positions_own_their_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
