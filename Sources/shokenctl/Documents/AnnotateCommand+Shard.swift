// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import Intake
import ResultStore

extension AnnotateCommand {
    /// Reads one file or standard input into a shard on standard output.
    func writeShard() throws {
        let settings = try common.settings()
        let model = try common.load(common.bundle(model))
        let file = files.first ?? "-"
        let path = file == "-" ? FilePath("/dev/stdin") : FilePath(file)
        guard let sourceName = name ?? path.lastName?.escaped else {
            throw CommandFailure(.usage, "\(path) is no file; name what is read with --name")
        }
        var source = try FileSource(path)
        var stream = DocumentStream(
            reader: settings.documentReader, fileName: sourceName, kind: kind)
        var writer = ShardWriter { try model.annotator.findings(in: $0, plan: settings.plan) }
        let digest = RunningDigest()
        try write(
            writer.header(
                ShardHeader(
                    by: model.maker, plan: settings.plan,
                    readAt: readAt?.utc ?? timestamp(Date()), kind: kind, sourceName: sourceName)))
        var isEmpty = true
        while let piece = try source.next() {
            isEmpty = false
            digest.update(piece)
            try write(writer.take(stream.take(piece)))
        }
        // An engine may give a worker nothing; a file of nothing is a fault.
        if !isEmpty || file != "-" { try write(writer.take(stream.finish())) }
        try write(writer.end(digest.finished()))
        if writer.faults > 0 { throw ExitCode(Disposition.badData) }
    }

    private func write(_ lines: [UInt8]) throws {
        guard !lines.isEmpty else { return }
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(lines))
        } catch {
            throw CommandFailure(
                .inputOutput(mayPass: true),
                "standard output cannot be written; the shard is not whole and cannot be merged")
        }
    }
}
