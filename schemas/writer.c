/* Values through any writer. */
#include "schemas/writer.h"

void gw_write_pairs(struct gw_writer *writer, const struct gw_pair *pairs, size_t count) {
    gw_write_map(writer, count);
    for (size_t i = 0; i < count; i++) {
        writer->ops->key_value(writer, &pairs[i].key);
        gw_write_value(writer, &pairs[i].value);
    }
    gw_write_end_map(writer);
}

static void write_items(struct gw_writer *writer, const struct gw_value *array) {
    gw_write_array(writer, array->count);
    for (size_t i = 0; i < array->count; i++) {
        gw_write_value(writer, &array->as.items[i]);
    }
    gw_write_end_array(writer);
}

void gw_write_value(struct gw_writer *writer, const struct gw_value *value) {
    const struct gw_writer_ops *ops = writer->ops;
    switch ((enum gw_value_type)value->type) {
    case GW_NIL:
        ops->nil(writer);
        return;
    case GW_BOOL:
        ops->boolean(writer, value->as.boolean);
        return;
    case GW_INT:
        ops->integer(writer, value->as.integer);
        return;
    case GW_UINT:
        ops->unsigned_integer(writer, value->as.unsigned_integer);
        return;
    case GW_FLOAT:
        ops->single(writer, (float)value->as.number);
        return;
    case GW_DOUBLE:
        ops->number(writer, value->as.number);
        return;
    case GW_STRING:
        ops->string(writer, value->as.bytes);
        return;
    case GW_BIN:
        ops->bin(writer, value->as.bytes);
        return;
    case GW_EXT:
        ops->ext(writer, value->ext_type, value->as.bytes);
        return;
    case GW_ARRAY:
        write_items(writer, value);
        return;
    case GW_MAP:
        gw_write_pairs(writer, value->as.pairs, value->count);
        return;
    }
}
