// SPDX-License-Identifier: GPL-3.0-or-later
// Makes consumer groups with a checkpoint in every partition of a topic, for measuring `streamgaugectl lag`.
//   kafka_groups_load BOOTSTRAP TOPIC PARTITIONS GROUPS
#include "tests/support/kafka_groups.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 5) {
        std::fprintf(stderr, "usage: kafka_groups_load BOOTSTRAP TOPIC PARTITIONS GROUPS\n");
        return 2;
    }
    std::map<QString, std::vector<tests::TestCommit>> commits;
    for (int group = 0; group < arguments[4].toInt(); ++group)
        for (int partition = 0; partition < arguments[3].toInt(); ++partition)
            commits[QStringLiteral("bench-%1").arg(group, 3, 10, QLatin1Char('0'))].push_back({{arguments[2], partition}, group + partition});
    tests::KafkaGroups(arguments[1]).commit(commits);
    return 0;
}
