// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import Intake
import ModelBundle
import ResultStore
import Spool

/// `shokenctl database rebuild`: reads the files of `done/` once more.
struct DatabaseRebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make the database anew from the files in done/ of the spool.",
        discussion: """
            Reads them in the order in which they came, with the active model, into DATABASE.rebuilt, and \
            puts that into the database's place; the one that was there stays beside it under a dated \
            name. The daemon may run: what it records meanwhile is read as well. Stopped and run again, \
            it goes on where it was.

            Reviews are taken over where their documents are read again with the same text; how many are \
            not is said. Kind, name and time of a file are those that the spool's journal or the database before \
            says. A database that lacks files (they are in done/ no more, nothing says their kind, or \
            they cannot be read) is put into place with --incomplete only; otherwise they are named, \
            and the end is code 65. With --json: {"database","kept","missing":[NAME],"recorded",\
            "refused":[{"file","reason"}],"reviews":{"kept","lost"},"unknown":[FILE]}; "database" is where the new one lies.

            Examples:
              shokenctl database rebuild
              shokenctl database rebuild --model shoken-base --kind nursing
              shokenctl database rebuild --incomplete --json
            """)

    @Option(help: "The kind of files of which nothing says it.")
    var kind: DocumentKind?

    @Option(help: ArgumentHelp("Another model than the active one.", valueName: "name|dir"))
    var model: String?

    @Flag(help: "Put a database into place that lacks files.")
    var incomplete = false

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let database: String
        let kept: String?
        let recorded: Int
        let missing: [String]
        let refused: [DatabaseRebuild.Refused]
        let reviews: ResultDatabase.Adoption
        let unknown: [String]
    }

    /// How long what the daemon has in hand at the exchange is waited for.
    private static let longestWait: Duration = .seconds(60)

    func run() throws {
        let settings = try common.configured()
        let place = try common.databasePath()
        let spool = try SpoolDirectory(root: FilePath(settings.spool.directory))
        let lock = try lock(sibling(of: place, ".rebuilt.lock"))
        defer { withExtendedLifetime(lock) {} }
        let placement = try DatabasePlacement(at: place)
        let loaded = try common.load(common.bundle(model))
        let target = sibling(of: place, ".rebuilt")
        var rebuild = DatabaseRebuild(
            of: spool, former: RecordedFileList(of: place), assumedKind: kind,
            batch: settings.compute.batchDocuments)
        if let fault = rebuild.former.fault {
            say(
                "the database in place tells of \(rebuild.former.files.count) files: "
                    + fault.explanation)
        }
        let made = try record(&rebuild, into: target, by: loaded, settings)
        var reviews = try adoptReviews(of: place, into: target)
        guard incomplete || made.isComplete else {
            try tell(made, reviews, database: target, kept: nil)
            throw CommandFailure(
                .badData,
                "the new database lacks files and is left in \(target); put them back, name a --kind, "
                    + "or put it into place with --incomplete")
        }
        let kept = try placement.put(DatabaseCopy(of: target, for: place))
        for ending in ["", "-wal", "-shm"] { try DiskFiles().remove(sibling(of: target, ending)) }
        try noteInAuditTrail("database rebuilt", of: place, from: spool.done, kept: kept)
        if let kept { rebuild.former = RecordedFileList(of: kept) }
        let report = try completed(&rebuild, made, spool, in: place, by: loaded, settings)
        // Also what was said up to the exchange.
        if let kept { reviews = try adoptReviews(of: kept, into: place) }
        try tell(report, reviews, database: place, kept: kept)
    }

    /// Takes over the reviews of a former database.
    private func adoptReviews(
        of former: FilePath, into file: FilePath
    ) throws -> ResultDatabase.Adoption {
        let reviews = FormerReviews(of: former)
        if let fault = reviews.fault {
            say("not all reviews of \(former) can be read: \(fault.explanation)")
        }
        return try ResultDatabase(file: URL(filePath: file.text ?? file.description))
            .adoptReviews(reviews)
    }

    private func sibling(of path: FilePath, _ ending: String) -> FilePath {
        FilePath(bytes: path.bytes + Array(ending.utf8))
    }

    private func lock(_ file: FilePath) throws -> InstanceLock {
        do {
            return try InstanceLock(file)
        } catch {
            guard error.disposition == .tryAgain else { throw error }
            throw CommandFailure(.tryAgain, "another rebuild of this database runs (\(file))")
        }
    }

    /// Records into the database in place what the daemon recorded into the one before, up to the
    /// exchange.
    private func completed(
        _ rebuild: inout DatabaseRebuild, _ made: DatabaseRebuild.Report, _ spool: SpoolDirectory,
        in place: FilePath, by model: LoadedModel, _ settings: ServiceConfiguration
    ) throws -> DatabaseRebuild.Report {
        let end = ContinuousClock.now + Self.longestWait
        while true {
            do {
                let report = try record(&rebuild, into: place, by: model, settings)
                // What is in processing/ is in done/ soon.
                let isInHand = report.missing.count > made.missing.count
                let isBusy = try !DiskFiles().names(in: spool.processing).isEmpty
                guard isInHand, isBusy, ContinuousClock.now < end else { return report }
            } catch let error as RebuildError {
                // The daemon records as well, and comes in between.
                guard ContinuousClock.now < end else { throw error }
            }
            Thread.sleep(forTimeInterval: 0.5)
        }
    }

    private func record(
        _ rebuild: inout DatabaseRebuild, into file: FilePath, by model: LoadedModel,
        _ settings: ServiceConfiguration
    ) throws -> DatabaseRebuild.Report {
        let database = try ResultDatabase(file: URL(filePath: file.text ?? file.description))
        try database.adoptEvents(of: rebuild.former)
        let processor = ClinicalProcessor(
            model: ModelSlot(always: model), database: database,
            intake: settings.documentReader, plan: settings.plan)
        let bar = ProgressBar(lines: .seconds(30))
        defer { bar.finish() }
        return try rebuild.run(into: database, by: processor) { share, files in
            bar.show("read again", share, detail: ", \(files) files")
        }
    }

    private func say(_ line: String) {
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }

    private func tell(
        _ made: DatabaseRebuild.Report, _ reviews: ResultDatabase.Adoption, database: FilePath,
        kept: FilePath?
    ) throws {
        if common.json {
            return try printJSON(
                Report(
                    database: database.description, kept: kept?.description,
                    recorded: made.recorded, missing: made.missing, refused: made.refused,
                    reviews: reviews, unknown: made.unknown))
        }
        for name in made.missing { print("missing \(name): recorded before, not in done/") }
        for file in made.unknown { print("unknown \(file): nothing says its kind") }
        for file in made.refused { print("refused \(file.file): \(file.reason)") }
        print("\(database): \(made.recorded) files recorded")
        if reviews.lost > 0 {
            print(
                "\(reviews.kept) reviews kept, \(reviews.lost) not: their documents are not there or "
                    + "have another text")
        }
        if let kept { print("the database before is \(kept)") }
    }
}
