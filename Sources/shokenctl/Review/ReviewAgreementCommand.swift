// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ResultStore

/// `shokenctl review agreement`: how far reviewers agree with each other and with the model.
struct ReviewAgreementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "Say how far reviewers agree with each other, and how often the model was right.",
        discussion: """
            Every two reviewers are compared over the mentions of the model's that both have judged: \
            Cohen's kappa over accept, reject and change, and how often they also give the same type, \
            place, certainty and subject. Precision is by the last word on each mention; one that was \
            changed counts as wrong, and added ones are those that the model missed. \
            With --json: {"pairs":[{"first","kappa","mentions","same","same_verdict","second"}],\
            "precision":[{"accepted","added","changed","model","precision","rejected","type"}],\
            "reviewers":[{"added","documents","mentions","reviewer"}]}; "kappa" is missing where both \
            always say one and the same.

            Examples:
              shokenctl review agreement
              shokenctl review agreement --json
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let agreement = try ReviewAgreement(of: common.databasePath())
        if common.json { return try printJSON(agreement) }
        guard !agreement.reviewers.isEmpty else { return print("there are no reviews yet") }
        TextTable(
            columns: ["reviewer", "documents done", "mentions judged", "added"],
            rows: agreement.reviewers.map {
                [$0.reviewer, "\($0.documents)", "\($0.mentions)", "\($0.added)"]
            }
        ).print()
        print("")
        TextTable(
            columns: ["first", "second", "mentions", "same verdict", "same reading", "kappa"],
            rows: agreement.pairs.map {
                [
                    $0.first, $0.second, "\($0.mentions)", "\($0.sameVerdict)", "\($0.same)",
                    $0.kappa.map { $0.formatted(.number.precision(.fractionLength(3))) } ?? "-",
                ]
            }
        ).print()
        print("")
        TextTable(
            columns: ["model", "type", "accepted", "changed", "rejected", "precision", "added"],
            rows: agreement.precision.map {
                [
                    $0.model, $0.type, "\($0.accepted)", "\($0.changed)", "\($0.rejected)",
                    $0.precision.formatted(.number.precision(.fractionLength(3))), "\($0.added)",
                ]
            }
        ).print()
    }
}
