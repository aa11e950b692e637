/* Values through any writer. */
#include "schemas/writer.h"

void gw_write_pairs(struct gw_writer *writer, const struct gw_term *key, const struct gw_pair *pairs,
                    size_t count) {
    writer->ops->map(writer, key, count);
    for (size_t i = 0; i < count; i++) {
        writer->ops->key_value(writer, &pairs[i].key);
        gw_write_value(writer, NULL, &pairs[i].value);
    }
    writer->ops->end_map(writer);
}

static void write_items(struct gw_writer *writer, const struct gw_term *key, const struct gw_value *array) {
    writer->ops->array(writer, key, array->count);
    for (size_t i = 0; i < array->count; i++) {
        gw_write_value(writer, NULL, &array->as.items[i]);
    }
    writer->ops->end_array(writer);
}

void gw_write_value(struct gw_writer *writer, const struct gw_term *key, const struct gw_value *value) {
    const struct gw_writer_ops *ops = writer->ops;
    switch ((enum gw_value_type)value->type) {
    case GW_NIL:
        ops->nil(writer, key);
        return;
    case GW_BOOL:
        ops->boolean(writer, key, value->as.boolean);
        return;
    case GW_INT:
        ops->integer(writer, key, value->as.integer);
        return;
    case GW_UINT:
        ops->unsigned_integer(writer, key, value->as.unsigned_integer);
        return;
    case GW_FLOAT:
        ops->single(writer, key, (float)value->as.number);
        return;
    case GW_DOUBLE:
        ops->number(writer, key, value->as.number);
        return;
    case GW_STRING:
        ops->string(writer, key, value->as.bytes);
        return;
    case GW_BIN:
        ops->bin(writer, key, value->as.bytes);
        return;
    case GW_EXT:
        ops->ext(writer, key, value->ext_type, value->as.bytes);
        return;
    case GW_ARRAY:
        write_items(writer, key, value);
        return;
    case GW_MAP:
        gw_write_pairs(writer, key, value->as.pairs, value->count);
        return;
    }
}
