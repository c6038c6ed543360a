// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Foundation
import JapaneseText
import ModelBundle
import ResultStore
import Synchronization
import TestSupport
import Testing

@testable import DocumentPipeline

@Suite("The first documents of a new model")
struct CanaryWatchTests {
    private static var limits: CanaryWatch.Limits {
        var limits = CanaryWatch.Limits()
        (limits.documents, limits.failureShare, limits.slowdown) = (100, 0.1, 3)
        return limits
    }

    private static let former = CanaryWatch.Pace(documents: 50, characters: 5000, seconds: 5)

    @Test("a few failures are borne, more are not, and those that come later are not its matter")
    func failures() {
        var watch = CanaryWatch(Self.limits, former: Self.former)
        #expect(watch.fail() == nil && watch.fail() == nil)
        #expect(watch.fail() == "it could not read 3 of 3 documents")

        var rare = CanaryWatch(Self.limits, former: Self.former)
        #expect(rare.read(documents: 40, characters: 4000, seconds: 4) == nil)
        for _ in 0..<4 { #expect(rare.fail() == nil) }
        #expect(rare.fail() == "it could not read 5 of 45 documents")

        var late = CanaryWatch(Self.limits, former: Self.former)
        #expect(late.read(documents: 100, characters: 9000, seconds: 9) == nil)
        #expect(!late.isOn)
        for _ in 0..<50 { #expect(late.fail() == nil) }
        #expect(CanaryWatch(CanaryWatch.Limits(), former: Self.former).isOn == false)
    }

    @Test("a model that is far slower goes, once enough is measured of both")
    func slowdown() {
        var watch = CanaryWatch(Self.limits, former: Self.former)
        #expect(watch.read(documents: 15, characters: 1500, seconds: 60) == nil)
        #expect(
            watch.read(documents: 1, characters: 100, seconds: 4)
                == "it takes 40.0 times the time of the model before, over 16 documents")
        var equal = CanaryWatch(Self.limits, former: Self.former)
        #expect(equal.read(documents: 50, characters: 5000, seconds: 14) == nil)
        // Short notes after long reports.
        var short = CanaryWatch(
            Self.limits, former: .init(documents: 50, characters: 100_000, seconds: 20))
        #expect(short.read(documents: 20, characters: 200, seconds: 1) == nil)
        var first = CanaryWatch(Self.limits, former: CanaryWatch.Pace())
        #expect(first.read(documents: 50, characters: 5000, seconds: 500) == nil)
    }

    @Test(
        "the slot goes back by itself, says why, and takes the model again only when it is activated again"
    )
    func slot() throws {
        let folder = try TemporaryFolder()
        let analyzer = TextAnalyzer(analyzer: try MorphologicalAnalyzer())
        func bundle(_ name: String) throws -> BundleDirectory {
            let manifest = BundleManifest(
                name: name, version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "0",
                cleaning: .init(profile: "documents", version: 1), dictionary: "ipadic",
                tasks: [:], sources: [], licence: "none", scores: .object([]))
            try folder.write(JSONEncoder().encode(manifest), to: "\(name)/shoken.json")
            return try BundleDirectory(directory: folder[name])
        }
        let (old, new) = (try bundle("old"), try bundle("new"))
        let active = Mutex(old)
        let told = Mutex<[String]>([])
        let slot = try ModelSlot(
            first: old, limits: Self.limits, wanted: { active.withLock { $0 } },
            load: { bundle in
                LoadedModel(
                    annotator: ClinicalAnnotator(
                        analyzer: analyzer, reader: nil, tasks: TaskSet()),
                    maker: ResultMaker(
                        name: bundle.manifest.name, version: "1", sha256: bundle.sha256,
                        cleaningVersion: "", dictionary: "", codeVersion: "", methods: [:]))
            },
            report: { change in
                if case .rolledBack(let from, let to, let reason) = change {
                    told.withLock { $0.append("\(from) \(to.manifest.name) \(reason)") }
                }
            })
        // Of a model that took no other's place nothing is said.
        for _ in 0..<5 { #expect(slot.failed(by: slot.model()) == nil) }
        let former = slot.model()
        active.withLock { $0 = new }
        let model = slot.model()
        #expect(model.maker.name == "new" && model.maker.run != former.maker.run)
        // What the former model still had in hand is not put down to the new one.
        for _ in 0..<5 { #expect(slot.failed(by: former) == nil) }
        #expect(slot.failed(by: model) == nil && slot.failed(by: model) == nil)
        let rollback = try #require(slot.failed(by: model))
        #expect(rollback.from == "new" && rollback.to == "old" && rollback.sha256 == new.sha256)
        #expect(told.withLock { $0 } == ["new old it could not read 3 of 3 documents"])
        // The choice may still name it.
        #expect(slot.model().maker.name == "old" && slot.inUse.maker.name == "old")
        active.withLock { $0 = old }
        #expect(slot.model().maker.name == "old")
        active.withLock { $0 = new }
        #expect(slot.model().maker.name == "new")
    }
}
