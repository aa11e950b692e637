/* Rows' examples are JSON texts; a span's are members without their braces. */
#include "schemas/example.h"

#include "schemas/json_reader.h"

enum gw_status gw_example_read(const struct gw_field *row, struct gw_arena *arena, struct gw_value *out) {
    if (!row->example) {
        *out = (struct gw_value){.type = GW_NIL};
        return GW_OK;
    }
    struct gw_str text = gw_str_from(row->example);
    if (row->as != GW_AS_SPAN) {
        return gw_json_read(text, &gw_limits_default, arena, out, NULL);
    }
    char *braced = gw_arena_take(arena, text.size + 2);
    if (!braced) {
        return GW_NO_MEMORY;
    }
    braced[0] = '{';
    memcpy(braced + 1, text.data, text.size);
    braced[1 + text.size] = '}';
    return gw_json_read((struct gw_str){braced, text.size + 2}, &gw_limits_default, arena, out, NULL);
}

static void write_members(struct gw_writer *writer, const struct gw_value *map) {
    for (size_t i = 0; i < map->count; i++) {
        writer->ops->key_value(writer, &map->as.pairs[i].key);
        gw_write_value(writer, NULL, &map->as.pairs[i].value);
    }
}

static enum gw_status write_row(struct gw_writer *writer, const struct gw_field *row,
                                struct gw_arena *arena) {
    struct gw_value value;
    enum gw_status status;
    if (row->as == GW_AS_OBJECT && !row->example) {
        return gw_example_write(writer, &row->name, row->table, arena);
    }
    if (row->as == GW_AS_OBJECTS && !row->example) {
        writer->ops->array(writer, &row->name, 1);
        status = gw_example_write(writer, NULL, row->table, arena);
        writer->ops->end_array(writer);
        return status;
    }
    status = gw_example_read(row, arena, &value);
    if (status == GW_OK && row->as == GW_AS_SPAN) {
        write_members(writer, &value);
    } else if (status == GW_OK) {
        gw_write_value(writer, &row->name, &value);
    }
    return status;
}

enum gw_status gw_example_write(struct gw_writer *writer, const struct gw_term *key,
                                const struct gw_table *table, struct gw_arena *arena) {
    enum gw_status status = GW_OK;
    writer->ops->map(writer, key, table->field_count);
    for (size_t i = 0; i < table->field_count && status == GW_OK; i++) {
        status = write_row(writer, &table->fields[i], arena);
    }
    writer->ops->end_map(writer);
    return status;
}
