// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import JapaneseText

/// What happens to text before a model sees it.
struct TextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Show what cleaning makes of a text, and by which rules.",
        subcommands: [TextCleanCommand.self, TextRulesCommand.self])
}

extension TextCleaner.Profile: ExpressibleByArgument {}

extension CleaningRule: ExpressibleByArgument {}

/// `shokenctl text rules`: the rules of cleaning in their order.
struct TextRulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List the rules of cleaning, in the order in which they are applied.",
        discussion: """
            CHANGED is the last version that changed what a rule does. With --json, one object a \
            rule: name, since, changed, profiles (same or different), description.
            """)

    @OptionGroup var version: CleaningVersionOption
    @OptionGroup var common: CommonOptions

    func run() throws {
        let version = try version.value
        let rules = version.rules.map { ListedRule($0, in: version) }
        if common.json {
            for rule in rules { try printJSON(rule) }
            return
        }
        TextTable(
            columns: ["RULE", "SINCE", "CHANGED", "PROFILES", "WHAT IT DOES"],
            rows: rules.map {
                [$0.name, "\($0.since)", "\($0.changed)", $0.profiles, $0.description]
            },
            widest: 100
        ).print()
    }
}

/// The option that picks a version of the rules.
struct CleaningVersionOption: ParsableArguments {
    @Option(
        name: .customLong("rules-version"),
        help: ArgumentHelp(
            "Version of the rules (default: \(CleaningVersion.newest.rawValue), the newest).",
            valueName: "number"))
    var number = CleaningVersion.newest.rawValue

    /// The version; throws a `ValidationError` for a number that no version has.
    var value: CleaningVersion {
        get throws {
            guard let version = CleaningVersion(rawValue: number) else {
                let known = CleaningVersion.allCases.map { "\($0.rawValue)" }
                throw ValidationError(
                    "there is no version \(number) of the rules; there are "
                        + known.joined(separator: ", "))
            }
            return version
        }
    }
}

/// One line of `text rules`.
private struct ListedRule: Encodable {
    let name: String
    let since: Int
    let changed: Int
    let profiles: String
    let description: String

    init(_ rule: CleaningRule, in version: CleaningVersion) {
        name = rule.rawValue
        since = rule.since.rawValue
        changed = min(rule.changed, version).rawValue
        profiles = rule.dependsOnProfile ? "different" : "same"
        description = rule.summary
    }
}
