/* JSON against jansson, which reads the same language by other means. They may differ where either has a
 * limit, and in what is listed at may_differ(). */
#include "fuzz/fuzz.h"
#include "schemas/json_reader.h"
#include "schemas/json_writer.h"

#include <jansson.h>
#include <math.h>

/* Ours alone has limits on depth (below jansson's), on the length of a number and on counts. */
static bool is_limit(enum gw_status status) {
    return status == GW_TOO_DEEP || status == GW_TOO_MANY || status == GW_TOO_LARGE || status == GW_BAD_VALUE;
}

/* One reads it, the other does not. */
static bool may_differ(enum gw_status status, const json_error_t *error) {
    if (status != GW_OK) {
        return is_limit(status);
    }
    enum json_error_code code = json_error_code(error);
    /* Integers beyond int64 are numbers to us; keys may hold U+0000. */
    return code == json_error_numeric_overflow || code == json_error_null_byte_in_key ||
           code == json_error_stack_overflow;
}

static void check_same(const struct gw_value *ours, const json_t *theirs);

static void check_same_number(const struct gw_value *ours, const json_t *theirs) {
    if (json_is_real(theirs)) {
        double number = json_real_value(theirs);
        FUZZ_CHECK(ours->type == GW_DOUBLE && ours->as.number == number);
        FUZZ_CHECK(signbit(ours->as.number) == signbit(number));
    } else if (ours->type == GW_DOUBLE) {
        /* Only -0 is kept apart from the integers. */
        FUZZ_CHECK(ours->as.number == 0 && json_integer_value(theirs) == 0);
    } else {
        FUZZ_CHECK(ours->type == GW_INT && ours->as.integer == json_integer_value(theirs));
    }
}

static void check_same_members(const struct gw_value *ours, const json_t *theirs) {
    FUZZ_CHECK(ours->count == json_object_size(theirs));
    for (size_t i = 0; i < ours->count; i++) {
        struct gw_str key = ours->as.pairs[i].key.as.bytes;
        check_same(&ours->as.pairs[i].value, json_object_getn(theirs, key.data, key.size));
    }
}

static void check_same(const struct gw_value *ours, const json_t *theirs) {
    FUZZ_CHECK(theirs);
    if (json_is_object(theirs)) {
        FUZZ_CHECK(ours->type == GW_MAP);
        check_same_members(ours, theirs);
    } else if (json_is_array(theirs)) {
        FUZZ_CHECK(ours->type == GW_ARRAY && ours->count == json_array_size(theirs));
        for (size_t i = 0; i < ours->count; i++) {
            check_same(&ours->as.items[i], json_array_get(theirs, i));
        }
    } else if (json_is_string(theirs)) {
        struct gw_str text = {json_string_value(theirs), json_string_length(theirs)};
        FUZZ_CHECK(ours->type == GW_STRING && gw_str_eq(ours->as.bytes, text));
    } else if (json_is_number(theirs)) {
        check_same_number(ours, theirs);
    } else if (json_is_boolean(theirs)) {
        FUZZ_CHECK(ours->type == GW_BOOL && ours->as.boolean == json_is_true(theirs));
    } else {
        FUZZ_CHECK(ours->type == GW_NIL);
    }
}

static void write(const struct gw_value *value, unsigned indent, struct gw_buffer *out) {
    struct gw_writer writer;
    gw_buffer_init(out, &gw_allocator_system, SIZE_MAX);
    gw_json_writer_init(&writer, out, indent);
    gw_write_value(&writer, NULL, value);
    FUZZ_CHECK(out->failed == GW_OK);
}

/* What we write of it we read, and write the same again. (A double without a fraction comes back as an
 * integer.) */
static void check_written(const struct gw_value *value, unsigned indent, const struct gw_limits *limits,
                          struct gw_arena *arena) {
    struct gw_buffer first, second;
    struct gw_value back;
    write(value, indent, &first);
    FUZZ_CHECK(gw_json_read(gw_buffer_str(&first), limits, arena, &back, NULL) == GW_OK);
    write(&back, indent, &second);
    FUZZ_CHECK(gw_str_eq(gw_buffer_str(&first), gw_buffer_str(&second)));
    gw_buffer_free(&first);
    gw_buffer_free(&second);
}

/* jansson takes no byte order mark, and loses its place at a zero byte, which no JSON text has. */
static bool is_beyond_jansson(const uint8_t *data, size_t size) {
    return (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) || (size > 0 && memchr(data, '\0', size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct gw_limits limits = gw_limits_default;
    struct gw_value ours;
    struct gw_arena arena;
    struct gw_error error;
    json_error_t their_error;
    if (is_beyond_jansson(data, size)) {
        return 0;
    }
    limits.depth = GW_LIMIT_DEPTH_MAX;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    enum gw_status status =
        gw_json_read((struct gw_str){(const char *)data, size}, &limits, &arena, &ours, &error);
    json_t *theirs = json_loadb((const char *)data, size,
                                JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &their_error);
    if ((status == GW_OK) != (theirs != NULL)) {
        FUZZ_CHECK(may_differ(status, &their_error));
    } else if (theirs) {
        check_same(&ours, theirs);
    }
    if (status == GW_OK) {
        check_written(&ours, 0, &limits, &arena);
        check_written(&ours, 2, &limits, &arena);
    }
    json_decref(theirs);
    gw_arena_free(&arena);
    return 0;
}
