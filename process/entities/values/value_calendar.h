/* Days of the proleptic Gregorian calendar as numbers, and what values say as ISO 8601 writes it. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUE_CALENDAR_H
#define GW_PROCESS_ENTITIES_VALUES_VALUE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0 for what was not said: {2023, 8, 0} is a month, {2023, 0, 0} a year. */
struct gw_ymd {
    int16_t year;
    int8_t month, day;
};

/* Monday is 1, as in ISO 8601; 0 is none. */
enum gw_weekday { GW_NO_WEEKDAY, GW_MONDAY, GW_SUNDAY = 7 };

/* No day number. */
#define GW_NO_DAY INT32_MIN

/* Year, month and day are all said and such a day exists. */
bool gw_ymd_exists(struct gw_ymd ymd);

/* Days since 1970-01-01 of a day that exists, and back. */
int32_t gw_day_of(struct gw_ymd ymd);
struct gw_ymd gw_ymd_of(int32_t day);

enum gw_weekday gw_weekday_of(int32_t day);

/* The month `months` later, without a day. */
struct gw_ymd gw_month_later(struct gw_ymd month, int32_t months);

/* Room for any of what is written below, terminated. */
#define GW_YMD_BYTES 32

/* Writes "2023-08-15", "2023-08" or "2023", terminated. False and empty when it has no year, or a day that
 * does not exist. */
bool gw_ymd_format(struct gw_ymd ymd, char out[GW_YMD_BYTES]);

/* "from/to"; false and empty when one of both is nothing. */
bool gw_ymd_format_range(struct gw_ymd from, struct gw_ymd to, char out[GW_YMD_BYTES]);

/* The ISO week that has the day: "2023-W33". */
void gw_week_format(int32_t day, char out[GW_YMD_BYTES]);

#endif
