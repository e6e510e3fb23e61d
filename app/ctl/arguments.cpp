// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/arguments.h"

#include <CLI/CLI.hpp>

namespace ctl {

namespace {

/// CLI11's own NonNegativeNumber goes through a double, which is not exact above 2^53.
std::string wholeNumberProblem(const std::string &text)
{
    bool isNumber = false;
    const qint64 number = QByteArray::fromStdString(text).toLongLong(&isNumber);
    return isNumber && number >= 0 ? std::string() : "“" + text + "” is not a whole number from 0 on";
}

std::string smallNumberProblem(const std::string &text)
{
    bool isNumber = false;
    const int number = QByteArray::fromStdString(text).toInt(&isNumber);
    return isNumber && number >= 0 ? std::string() : "“" + text + "” is not a partition's number";
}

} // namespace

void Arguments::positional(const char *name, QString &value, const char *description, Need need)
{
    m_command.add_option_function<std::string>(name, [&value](const std::string &text) { value = QString::fromStdString(text); }, description)
        ->required(need == Need::Required);
}

void Arguments::positionals(const char *name, QStringList &values, const char *description)
{
    const auto take = [&values](const std::vector<std::string> &texts) {
        for (const std::string &text : texts)
            values += QString::fromStdString(text);
    };
    m_command.add_option_function<std::vector<std::string>>(name, take, description)->required();
}

void Arguments::option(const char *name, QString &value, const char *description, Need need)
{
    CLI::Option *option = m_command.add_option_function<std::string>(name, [&value](const std::string &text) { value = QString::fromStdString(text); }, description);
    option->required(need == Need::Required);
    if (!value.isEmpty())
        option->default_str(value.toStdString());
}

void Arguments::option(const char *name, std::optional<qint64> &value, const char *description, Need need)
{
    m_command.add_option_function<std::string>(name, [&value](const std::string &text) { value = QByteArray::fromStdString(text).toLongLong(); }, description)
        ->required(need == Need::Required)
        ->check(CLI::Validator(wholeNumberProblem, "NUMBER"));
}

void Arguments::repeated(const char *name, QStringList &values, const char *description)
{
    const auto take = [&values](const std::vector<std::string> &texts) {
        for (const std::string &text : texts)
            values += QString::fromStdString(text);
    };
    m_command.add_option_function<std::vector<std::string>>(name, take, description)->allow_extra_args(false);
}

void Arguments::repeated(const char *name, std::vector<int> &values, const char *description)
{
    const auto take = [&values](const std::vector<std::string> &texts) {
        for (const std::string &text : texts)
            values.push_back(QByteArray::fromStdString(text).toInt());
    };
    m_command.add_option_function<std::vector<std::string>>(name, take, description)
        ->allow_extra_args(false)
        ->check(CLI::Validator(smallNumberProblem, "NUMBER"));
}

void Arguments::flag(const char *name, bool &value, const char *description)
{
    m_command.add_flag(name, value, description);
}

void Arguments::exclusive(const std::vector<const char *> &names)
{
    for (size_t i = 0; i < names.size(); ++i)
        for (size_t j = 0; j < i; ++j)
            m_command.get_option(names[i])->excludes(m_command.get_option(names[j]));
}

bool Arguments::has(const char *name) const
{
    return m_command.get_option_no_throw(name) != nullptr;
}

} // namespace ctl
