/* glosswire run: the stream processor itself. */
#include "cli/commands.h"
#include "cli/options.h"
#include "run/supervisor.h"

enum { CONFIG };

static const struct gw_option options[] = {
    [CONFIG] = {'c', "config", "FILE", NULL, "the configuration; without one the embedded default"},
};

static int run(const struct gw_arguments *arguments) {
    const struct gw_supervisor_settings settings = {.config_path = gw_option_value(arguments, CONFIG, NULL),
                                                    .clock = &gw_clock_system};
    return gw_supervisor_run(&settings);
}

static const struct gw_example examples[] = {
    {"glosswire run", "take articles on tcp://127.0.0.1:5555, give records on tcp://127.0.0.1:5556"},
    {"glosswire run -c examples/kafka.yaml", "from a Kafka topic to another"},
    {"pkill -HUP -o -x glosswire", "read the configuration again, worker by worker"},
};

const struct gw_command gw_command_run = {
    .name = "run",
    .summary = "take articles from Kafka, ZeroMQ or files and publish a record of each",
    .about =
        "Starts workers that take articles, annotate them and publish one record per article, until SIGTERM "
        "or "
        "SIGINT: then what was taken is finished within `drain_timeout`. A worker that dies is started "
        "again, and an article that kills its worker becomes a dead letter. SIGHUP takes configuration, "
        "model and "
        "gazetteers anew, worker by worker. Metrics and health are on http://127.0.0.1:5557.\n"
        "Without a configuration it listens for articles on ZeroMQ PULL tcp://127.0.0.1:5555, gives records "
        "on PUSH tcp://127.0.0.1:5556, and writes dead letters to a file: no server is needed. "
        "`glosswire check` tests a configuration before it is used.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
