// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>
#include <string_view>

struct pg_result;

namespace connectors::postgres {

/// The whole answer to one statement, in memory. Rows and columns count from 0.
class Rows final
{
public:
    Rows() = default;
    explicit Rows(pg_result *owned);

    [[nodiscard]] int count() const;
    [[nodiscard]] int columns() const;
    [[nodiscard]] bool isNull(int row, int column) const;
    [[nodiscard]] qint64 integer(int row, int column) const;        ///< 0 for null and for what is no number
    [[nodiscard]] bool boolean(int row, int column) const;          ///< false for null
    [[nodiscard]] std::string_view text(int row, int column) const; ///< UTF-8; valid as long as these rows; empty for null
    [[nodiscard]] QString string(int row, int column) const;
    [[nodiscard]] QByteArray command() const; ///< what was done: "INSERT 0 3", "COMMIT"
    [[nodiscard]] qint64 affected() const; ///< rows that INSERT, UPDATE, DELETE or COPY has changed
    [[nodiscard]] qint64 bytes() const;    ///< of all values

private:
    struct Clear {
        void operator()(pg_result *result) const;
    };
    std::unique_ptr<pg_result, Clear> m_result;
};

} // namespace connectors::postgres
