// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Foundation
import ResultStore
import ReviewPage

/// `shokenctl review serve`: the page, until it is stopped.
struct ReviewServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the review page on this machine alone.",
        discussion: """
            Prints the address of the page, which holds a random key, and serves it on 127.0.0.1 and ::1 \
            until Ctrl-C, or until no request came for --idle-minutes. Every action is a row of reviews \
            at once; see shoken-db(5). The user needs to be able to write the database (sudo -u shoken). \
            From another machine: ssh -L 8642:localhost:8642 SERVER, and --port 8642.

            A reviewer sees the own actions, and those of others only with --no-blind. \
            Queues: uncertainty (mentions that a person should look at, then low scores), level (adverse \
            events of level 2 and 3), stage (stages that a person should look at), disagreement (where rules and \
            models, or two reviewers, contradict each other), random, all. \
            With --json the address is printed as {"address","reviewer"}.

            Examples:
              sudo -u shoken shokenctl review --reviewer tanaka
              sudo -u shoken shokenctl review --reviewer suzuki --queue random --seed 7 --limit 50
              sudo -u shoken shokenctl review --kind radiology --queue stage --port 8642
            """)

    @Option(help: "The port; 0 for any that is free.")
    var port: UInt16 = 0

    @Option(
        help:
            "Which documents, and in which order (uncertainty, level, stage, disagreement, random, all)."
    )
    var queue: ReviewQueue.Order = .uncertainty

    @Option(help: "Who reviews; the user's name if none is given.")
    var reviewer: String?

    @Option(help: "Only documents of this kind.")
    var kind: DocumentKind?

    @Option(help: "What a random queue follows from: the same number gives the same sample.")
    var seed: UInt64 = 0

    @Option(help: "At most so many documents.")
    var limit = 200

    @Flag(inversion: .prefixedNo, help: "Hide what other reviewers did.")
    var blind = true

    @Option(help: "Ends after so many minutes without a request.")
    var idleMinutes = 60.0

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit must be 1 or more") }
        guard idleMinutes > 0, idleMinutes <= 1440 else {
            throw ValidationError("--idle-minutes must be above 0 and at most 1440")
        }
        guard 1...100 ~= name.unicodeScalars.count else {
            throw ValidationError("--reviewer needs 1 to 100 characters")
        }
    }

    private var name: String { reviewer ?? NSUserName() }

    func run() throws {
        let file = try common.databaseFile()
        // Whatever is not there must not be made by a reviewer.
        _ = try ResultReader(file: file)
        let database = try ResultDatabase(file: file)
        let session = ReviewSession(
            database, file: file, reviewer: name,
            queue: ReviewQueue(queue, kind: kind, seed: seed, limit: limit), seesOthers: !blind)
        let signals = StopSignals()
        try note("review started", in: database, ["queue": queue.rawValue])
        let served = Result {
            try ReviewServer(session).run(port: port) {
                signals.stop.isRequested || session.idleTime > .seconds(idleMinutes * 60)
            } begun: {
                tell($0)
            }
        }
        try note("review ended", in: database, ["actions": String(session.actions)])
        try served.get()
    }

    private func note(
        _ action: String, in database: ResultDatabase, _ details: [String: String]
    ) throws {
        try database.appendEvent(
            actor: NSUserName(), action: action, object: "reviews",
            details: details.merging(["reviewer": name]) { first, _ in first }, at: Date())
    }

    private func tell(_ address: String) {
        struct Report: Encodable {
            let address: String
            let reviewer: String
        }
        let line =
            common.json
            ? (try? JSONEncoder.sorted().encode(Report(address: address, reviewer: name)))
                .map { String(decoding: $0, as: UTF8.self) } ?? address : address
        // At once, also into a pipe.
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}

extension ReviewQueue.Order: ExpressibleByArgument {}
