// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ModelBundle

@Suite("A model's card")
struct ModelCardTests {
    private func manifest(licence: String) -> BundleManifest {
        BundleManifest(
            name: "m", version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "0",
            cleaning: .init(profile: "documents", version: 1), dictionary: "ipadic", tasks: [:],
            sources: [.init(name: "texts", licence: licence, usedFor: ["pretraining"], rows: 1)],
            licence: "none", scores: [:])
    }

    @Test("says nothing of sources that are disclosed", arguments: ["CC0-1.0", "own"])
    func disclosed(_ licence: String) {
        let card = ModelCard(manifest: manifest(licence: licence)).text
        #expect(!card.contains("Not disclosed") && !card.contains("source by source"))
    }

    @Test("names sources whose licence nobody told", arguments: ["undisclosed", "Not stated"])
    func undisclosed(_ licence: String) {
        let card = ModelCard(manifest: manifest(licence: licence)).text
        #expect(card.contains("not disclosed in full: texts (no licence)."))
    }

    @Test("names the corpus's manifest and what that leaves undisclosed")
    func corpus() {
        var manifest = manifest(licence: "CC0-1.0")
        manifest.corpus = .init(file: "corpus-manifest.json", undisclosed: ["web (no address)"])
        let card = ModelCard(manifest: manifest).text
        #expect(card.contains("is in `corpus-manifest.json`."))
        #expect(card.contains("not disclosed in full: web (no address)."))
    }
}
