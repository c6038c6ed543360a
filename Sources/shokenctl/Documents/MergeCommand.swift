// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import ResultStore

/// `shokenctl merge`: what other machines have read becomes rows.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Record shards that annotate --for-merge wrote on other machines.",
        discussion: """
            Each shard is recorded once, however often it comes, in one transaction: in the order of their \
            moments (--read-at), then of the names of what was read, then of the arguments. Of a folder all \
            files are taken but those whose names begin with _ or a point. The database is then that of one \
            machine which read the same in this order. Documents are compared with those that are there, as \
            the daemon does.

            All files are looked through first: a line that is damaged, cut off or missing, or a shard of \
            another model, program or configuration, is an error that names file and line, and nothing is \
            recorded. After a kill the same call goes on with the first shard that is not recorded. The daemon \
            may run.

            Records that the machines could not read are told with file and line, and the end is code 65. With \
            --json: {"documents","faults":[{"file","line","reason","source"}],"known","recorded"}; "known" and \
            "recorded" count shards.

            Examples:
              shokenctl merge part-00.shard part-01.shard
              shokenctl merge ./shards
              shokenctl merge ./shards --json --config ./shoken.toml
            """)

    @Argument(help: "Files, and folders of files.")
    var files: [String]

    @Option(help: ArgumentHelp("Another model than the active one.", valueName: "name|dir"))
    var model: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.configured()
        let shards = try files.flatMap(listed).map(ShardFile.init)
        let database = try ResultDatabase(file: common.databaseFile())
        let merge = ShardMerge(
            into: database, by: try common.load(common.bundle(model)), plan: settings.plan)
        let bar = ProgressBar(lines: .seconds(30))
        let report = try merge.run(shards) { bar.show("merged", $0) }
        bar.finish()
        if report.recorded > 0 {
            try database.appendEvent(
                actor: NSUserName(), action: "merged", object: "shards",
                details: [
                    "documents": String(report.documents), "shards": String(report.recorded),
                ], at: Date())
        }
        try tell(report)
        if !report.faults.isEmpty { throw ExitCode(Disposition.badData) }
    }

    /// A file, or those of a folder by their names.
    private func listed(_ name: String) throws -> [FilePath] {
        let path = FilePath(name)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory),
            isDirectory.boolValue
        else { return [path] }
        let names = try DiskFiles().names(in: path).filter {
            ![UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0.bytes.first)
        }
        guard !names.isEmpty else {
            throw CommandFailure(.noInput, "there is no shard in \(path)")
        }
        return names.sorted().map(path.appending)
    }

    private func tell(_ report: ShardMerge.Report) throws {
        if common.json { return try printJSON(report) }
        for fault in report.faults {
            let line = fault.line.map { ", line \($0)" } ?? ""
            print("\(fault.file): not read: \(fault.source)\(line): \(fault.reason)")
        }
        print(
            "\(report.recorded) shards recorded with \(report.documents) documents, "
                + "\(report.known) there before")
    }
}
