/* Shapes of messages, and the numbers inside them. */
#include "transport/zeromq_frames.h"
#include "unit/unit.h"

#define SEQ GW_STR("12345678")

static void every_form_has_its_shape(void **state) {
    (void)state;
    static const struct {
        enum gw_zeromq_pattern pattern;
        size_t count;
        struct gw_zeromq_shape shape;
    } forms[] = {
        {GW_ZEROMQ_PULL, 1, {-1, -1, -1, 0}}, {GW_ZEROMQ_PULL, 2, {-1, -1, 0, 1}},
        {GW_ZEROMQ_SUB, 2, {0, -1, -1, 1}},   {GW_ZEROMQ_SUB, 3, {0, -1, 1, 2}},
        {GW_ZEROMQ_SUB, 4, {0, 1, 2, 3}},     {GW_ZEROMQ_ACKED, 3, {-1, 0, 1, 2}},
    };
    const struct gw_str frames[] = {SEQ, SEQ, GW_STR("map"), GW_STR("payload")};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct gw_zeromq_shape shape;
        assert_true(gw_zeromq_shape_of(forms[i].pattern, frames, forms[i].count, &shape));
        assert_int_equal(shape.topic, forms[i].shape.topic);
        assert_int_equal(shape.sequence, forms[i].shape.sequence);
        assert_int_equal(shape.headers, forms[i].shape.headers);
        assert_int_equal(shape.payload, forms[i].shape.payload);
    }
}

static void other_counts_have_none(void **state) {
    (void)state;
    static const struct {
        enum gw_zeromq_pattern pattern;
        size_t count;
    } forms[] = {{GW_ZEROMQ_PULL, 0},  {GW_ZEROMQ_PULL, 3},  {GW_ZEROMQ_SUB, 1},  {GW_ZEROMQ_SUB, 5},
                 {GW_ZEROMQ_ACKED, 2}, {GW_ZEROMQ_ACKED, 4}, {GW_ZEROMQ_PUSH, 1}, {GW_ZEROMQ_SUB, SIZE_MAX}};
    const struct gw_str frames[] = {SEQ, SEQ, SEQ, SEQ, SEQ};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct gw_zeromq_shape shape;
        assert_false(gw_zeromq_shape_of(forms[i].pattern, frames, forms[i].count, &shape));
    }
}

static void a_sequence_of_another_size_is_no_shape(void **state) {
    (void)state;
    struct gw_zeromq_shape shape;
    const struct gw_str published[] = {GW_STR("topic"), GW_STR("1234567"), GW_STR("map"), GW_STR("payload")};
    assert_false(gw_zeromq_shape_of(GW_ZEROMQ_SUB, published, 4, &shape));
    const struct gw_str acked[] = {GW_STR("123456789"), GW_STR("map"), GW_STR("payload")};
    assert_false(gw_zeromq_shape_of(GW_ZEROMQ_ACKED, acked, 3, &shape));
}

static void seqs_are_big_endian(void **state) {
    (void)state;
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    uint64_t seq;
    gw_zeromq_write_seq(UINT64_C(0x0102030405060708), bytes);
    assert_memory_equal(bytes, "\1\2\3\4\5\6\7\10", sizeof bytes);
    assert_true(gw_zeromq_read_seq((struct gw_str){(const char *)bytes, sizeof bytes}, &seq));
    assert_int_equal(seq, UINT64_C(0x0102030405060708));
    assert_false(gw_zeromq_read_seq(GW_STR("1234567"), &seq));
    assert_false(gw_zeromq_read_seq(GW_STR("123456789"), &seq));
    assert_false(gw_zeromq_read_seq(GW_STR(""), &seq));
}

static void credit_is_big_endian(void **state) {
    (void)state;
    uint8_t bytes[GW_ZEROMQ_CREDIT_BYTES];
    uint32_t credit;
    gw_zeromq_write_credit(0x01020304, bytes);
    assert_memory_equal(bytes, "\1\2\3\4", sizeof bytes);
    assert_true(gw_zeromq_read_credit((struct gw_str){(const char *)bytes, sizeof bytes}, &credit));
    assert_int_equal(credit, 0x01020304);
    assert_false(gw_zeromq_read_credit(GW_STR("123"), &credit));
    assert_false(gw_zeromq_read_credit(SEQ, &credit));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_has_its_shape),
        cmocka_unit_test(other_counts_have_none),
        cmocka_unit_test(a_sequence_of_another_size_is_no_shape),
        cmocka_unit_test(seqs_are_big_endian),
        cmocka_unit_test(credit_is_big_endian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
