/* glosswire version: what this program is made of. */
#include "cli/commands.h"

#include <librdkafka/rdkafka.h>
#include <msgpack.h>
#include <stdio.h>
#include <utf8proc.h>
#include <xxhash.h>
#include <yaml.h>
#include <zmq.h>

#ifndef GW_BUILD_TYPE
#define GW_BUILD_TYPE "unknown"
#endif

/* Of libraries without a version at run time, the one built against is shown. */
static int run(const struct gw_arguments *arguments) {
    (void)arguments;
    int major, minor, patch;
    printf("glosswire %s (%s build, %s)\n", GW_VERSION, GW_BUILD_TYPE, __VERSION__);
    printf("librdkafka %s\n", rd_kafka_version_str());
    zmq_version(&major, &minor, &patch);
    printf("libzmq %d.%d.%d%s\n", major, minor, patch, zmq_has("curve") ? " (curve)" : "");
    printf("msgpack-c %s\n", MSGPACK_VERSION);
    printf("libyaml %s\n", yaml_get_version_string());
    printf("utf8proc %s\n", utf8proc_version());
    unsigned xxhash = XXH_versionNumber();
    printf("xxhash %u.%u.%u\n", xxhash / 10000, xxhash / 100 % 100, xxhash % 100);
    return GW_EXIT_DONE;
}

static const struct gw_example examples[] = {
    {"glosswire version", "say this when you report a defect"},
};

const struct gw_command gw_command_version = {
    .name = "version",
    .summary = "show the version, the build and the libraries",
    .about = "Shows the program's version, how it was built, and the versions of the libraries it runs with.",
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
