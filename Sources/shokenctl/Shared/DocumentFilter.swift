// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes

/// When documents were written, or else received.
struct WrittenPeriod: ParsableArguments {
    @Option(
        help:
            "Only documents written (or else received) at or after this time: 2026-03, 2026-03-15, 2026-03-15T09:30."
    )
    var since: StatedTime?

    @Option(help: "Only documents written (or else received) before this time.")
    var until: StatedTime?

    func validate() throws {
        if let since, let until, until.milliseconds <= since.milliseconds {
            throw ValidationError("--until is not after --since; no document can be between them")
        }
    }
}

/// Which documents a command is about, in the words that all have for it.
struct DocumentFilter: ParsableArguments {
    @Option(help: "Only documents of this kind.")
    var kind: DocumentKind?

    @Option(help: "Only documents of this patient.")
    var patient: String?

    @OptionGroup var written: WrittenPeriod
}

extension StatedTime: ExpressibleByArgument {
    /// A time in any form that documents have; without a zone it is that of Japan.
    package init?(argument: String) { self.init(argument) }
}
