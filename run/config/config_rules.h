/* What values of some keys must look like beyond their type. Each returns NULL when the value fits, else what
 * is wrong and what to write instead (static text). */
#ifndef GW_RUN_CONFIG_CONFIG_RULES_H
#define GW_RUN_CONFIG_CONFIG_RULES_H

/* Kafka's ids are made of it: letters, digits, '.', '_' and '-'. */
const char *gw_rule_instance(const char *value);

/* "host:port,host:port" */
const char *gw_rule_brokers(const char *value);

/* A topic's name, or a pattern that begins with '^'. */
const char *gw_rule_topic(const char *value);

/* A name or key with {id}, {source} or {language} in it. */
const char *gw_rule_topic_template(const char *value);
const char *gw_rule_key_template(const char *value);

const char *gw_rule_sasl_mechanism(const char *value);

/* The name of a librdkafka property that is not ours to set. */
const char *gw_rule_property(const char *value);

/* "127.0.0.1:5557", or "off". */
const char *gw_rule_admin_listen(const char *value);

/* "tcp://…", "ipc://…" */
const char *gw_rule_zeromq_endpoint(const char *value);

#endif
