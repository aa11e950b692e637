/* run/config/config_pages.h */
#include "run/config/config_pages.h"

#include "run/config/config_table.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

#include <stdlib.h>

static struct gw_buffer out;

static int setup(void **state) {
    (void)state;
    gw_buffer_init(&out, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    gw_buffer_free(&out);
    return 0;
}

static enum gw_status write_help(struct gw_buffer *buffer) {
    return gw_config_write_help(NULL, buffer);
}

static enum gw_status (*const writers[])(struct gw_buffer *) = {
    gw_config_write_reference, gw_config_write_manual, gw_config_write_json_schema, write_help};

static bool has(const char *text) {
    return memmem(out.data, out.size, text, strlen(text));
}

static void test_the_reference_names_every_key(void **state) {
    (void)state;
    assert_int_equal(gw_config_write_reference(&out), GW_OK);
    for (size_t i = 0; i < gw_config_key_count; i++) {
        char heading[160];
        snprintf(heading, sizeof heading, "\n### `%s`\n", gw_config_keys[i].name);
        assert_true(has(heading));
        assert_true(has(gw_config_keys[i].doc));
    }
}

/* What the page shows as an example must be a configuration. */
static void test_the_example_loads(void **state) {
    (void)state;
    assert_int_equal(gw_config_write_reference(&out), GW_OK);
    setenv("KAFKA_PASSWORD", "p", 1);
    const char *begin = (const char *)memmem(out.data, out.size, "```yaml\n", 8) + 8;
    const char *end = memmem(begin, 4096, "```", 3);
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    assert_int_equal(gw_config_load((struct gw_str){begin, (size_t)(end - begin)}, NULL, &config, &errors),
                     GW_OK);
    assert_string_equal(config->source.kafka.client.password, "p");
    gw_config_free(config);
}

/* Makes sense only beside another key. */
static bool stands_alone(const struct gw_config_key *key) {
    return strcmp(key->name, "source.zeromq.subscribe") != 0;
}

/* So must each key's own example, set alone: whatever is said then is not about that key. */
static void test_every_keys_example_fits_it(void **state) {
    (void)state;
    setenv("KAFKA_PASSWORD", "p", 1);
    setenv("KAFKA_KEY_PASSWORD", "p", 1);
    for (size_t i = 0; i < gw_config_key_count; i++) {
        char text[512] = "", name[128];
        unsigned depth = 0;
        snprintf(name, sizeof name, "%s", gw_config_keys[i].name);
        for (char *part = strtok(name, "."); part; part = strtok(NULL, ".")) {
            size_t size = strlen(text);
            snprintf(text + size, sizeof text - size, "%s%*s%s:", depth ? "\n" : "", (int)(2 * depth), "",
                     part);
            depth++;
        }
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, " %s\n", gw_config_keys[i].example);
        struct gw_config *config = NULL;
        struct gw_config_errors errors;
        gw_config_load(gw_str_from(text), NULL, &config, &errors);
        for (size_t j = 0; j < errors.count && stands_alone(&gw_config_keys[i]); j++) {
            assert_string_not_equal(errors.items[j].key, gw_config_keys[i].name);
            assert_int_not_equal(errors.items[j].key[0], '\0');
        }
        gw_config_free(config);
    }
}

static void test_help_can_be_narrowed(void **state) {
    (void)state;
    assert_int_equal(gw_config_write_help("source.zeromq", &out), GW_OK);
    assert_true(has("source.zeromq.bind"));
    assert_false(has("source.kafka"));
    gw_buffer_clear(&out);
    assert_int_equal(gw_config_write_help("nothing", &out), GW_OK);
    assert_int_equal(out.size, 0);
}

static void test_failing_memory_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        struct failing_allocator failing = {.fail_at = 1, .for_good = true};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_buffer buffer;
        gw_buffer_init(&buffer, &allocator, SIZE_MAX);
        assert_int_equal(writers[i](&buffer), GW_NO_MEMORY);
        gw_buffer_free(&buffer);
        assert_int_equal(failing.in_use, 0);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_the_reference_names_every_key), TEST(test_the_example_loads),
        TEST(test_every_keys_example_fits_it),    TEST(test_help_can_be_narrowed),
        TEST(test_failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
