/* Numbers as decimal text, the same under every locale. */
#ifndef GW_SCHEMAS_NUMBER_H
#define GW_SCHEMAS_NUMBER_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* The longest number that is read, in characters. The exact value of any double fits. */
#define GW_NUMBER_CHARS_MAX 1100

/* The nearest double to `text`, which follows JSON's grammar. False when it is longer than
 * GW_NUMBER_CHARS_MAX or beyond the largest double. */
bool gw_number_parse(struct gw_str text, double *out);

/* Room for what those below write, terminator included. */
#define GW_NUMBER_SIZE 32

/* The shortest decimal that reads back as the same double, written as ECMAScript does (0.1, 1e+21, 3). Not
 * for NaN and infinities. Returns the length. */
size_t gw_number_format(double number, char out[GW_NUMBER_SIZE]);

/* The same for `e4` / 10000, quicker: 1234 is "0.1234". */
size_t gw_number_format_e4(int32_t e4, char out[GW_NUMBER_SIZE]);

/* Integers. */
size_t gw_number_format_int(int64_t number, char out[GW_NUMBER_SIZE]);
size_t gw_number_format_uint(uint64_t number, char out[GW_NUMBER_SIZE]);

#endif
