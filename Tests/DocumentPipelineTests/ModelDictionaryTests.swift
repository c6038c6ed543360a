// SPDX-License-Identifier: Apache-2.0
import Configuration
import DurableFiles
import Faults
import Foundation
import ModelBundle
import TestSupport
import Testing

@testable import DocumentPipeline

@Suite("Models and user dictionaries")
struct ModelDictionaryTests {
    /// A bundle's folder that holds a manifest and nothing else.
    private func bundle(trainedWith digest: String?, in folder: TemporaryFolder) throws
        -> BundleDirectory
    {
        let manifest = BundleManifest(
            name: "fictional", version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "0",
            cleaning: .init(profile: "documents", version: 1),
            dictionary: BundleManifest.dictionary(user: digest), tasks: [:], sources: [],
            licence: "none", scores: [:])
        try folder.write(JSONEncoder().encode(manifest), to: "shoken.json")
        return try BundleDirectory(directory: folder.url)
    }

    private func settings(_ dictionary: URL?, in folder: TemporaryFolder) throws
        -> ServiceConfiguration
    {
        let path = dictionary?.path(percentEncoded: false) ?? ""
        return try ServiceConfiguration(
            toml: "[text]\nuser_dictionary = \"\(path)\"\n",
            file: folder.path + "/shoken.toml")
    }

    @Test("a model that was trained with a user dictionary loads with no other")
    func refused() throws {
        let folder = try TemporaryFolder()
        let wanted = String(repeating: "ab", count: 32)
        let bundle = try bundle(trainedWith: wanted, in: folder)
        #expect(bundle.manifest.userDictionary == wanted)
        #expect(
            throws: BundleError.dictionary(bundle: "fictional", expected: wanted, found: nil)
        ) { try LoadedModel(bundle: bundle, settings: settings(nil, in: folder)) }
        let other = try folder.write("no dictionary", to: "other.dic")
        let digest = ContentDigest(of: Data("no dictionary".utf8)).hexadecimal
        let error = BundleError.dictionary(bundle: "fictional", expected: wanted, found: digest)
        #expect(throws: error) {
            try LoadedModel(bundle: bundle, settings: settings(other, in: folder))
        }
        #expect(error.explanation.contains(wanted) && error.explanation.contains(digest))
    }

    @Test("a configured dictionary that is none is a fault, also where it would not cut words")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let bundle = try bundle(trainedWith: nil, in: folder)
        #expect(bundle.manifest.dictionary == "ipadic" && bundle.manifest.userDictionary == nil)
        let other = try folder.write("no dictionary", to: "other.dic")
        do {
            _ = try LoadedModel(bundle: bundle, settings: settings(other, in: folder))
            Issue.record("it must not load")
        } catch {
            let sentence = explained(error).explanation
            #expect(sentence.contains("other.dic") && sentence.contains("size"))
        }
    }
}
