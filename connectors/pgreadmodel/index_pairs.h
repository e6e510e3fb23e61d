// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/dependants.h"

#include <QString>

#include <functional>
#include <vector>

namespace connectors::pgreadmodel {

/// An index of a live table and the one like it of the table that rises. They change names when the tables do, so that a program
/// that names the index (ON CONFLICT ON CONSTRAINT) or drops it finds the one of the live table.
struct IndexPair {
    QString name;          ///< of the live one
    QString rising;        ///< of the other
    bool isPrimary = false; ///< the primary key's, which is renamed as a constraint
    QByteArray comment;    ///< SQL for the rising one, when it has the name; empty: none
};

/// The name for what is set aside and the one for what rises, of something with this name.
using AsideNames = std::function<std::pair<QString, QString>(const QString &name, size_t number)>;

/// Indexes of the live table, with those of the rising one that are declared alike; what that lacks is made, which locks nothing but
/// it. Indexes of UNIQUE constraints are left out, as those are losses. `firstNumber`: of the names. Refused with the name of one that
/// cannot be made.
[[nodiscard]] std::vector<IndexPair> pairIndexes(Session &session, const ExchangedTables &tables, const QByteArray &risingName, const AsideNames &names, size_t firstNumber);

/// While the tables have their old names.
void exchangeIndexNames(Session &session, const IndexPair &pair, const QByteArray &liveName, const QByteArray &risingName, const QString &aside);

} // namespace connectors::pgreadmodel
