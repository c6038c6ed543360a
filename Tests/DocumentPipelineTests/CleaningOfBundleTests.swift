// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import ModelBundle
import Testing

@testable import DocumentPipeline

@Suite("A bundle's text is cleaned as at its training")
struct CleaningOfBundleTests {
    private static func manifest(profile: String, version: Int) -> BundleManifest {
        BundleManifest(
            name: "test", version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "test",
            cleaning: .init(profile: profile, version: version), dictionary: "ipadic", tasks: [:],
            sources: [], licence: "CC0", scores: [:])
    }

    @Test("every known version and profile is taken as the manifest says")
    func known() throws {
        for version in CleaningVersion.allCases {
            for profile in TextCleaner.Profile.allCases {
                let manifest = Self.manifest(profile: profile.rawValue, version: version.rawValue)
                let cleaner = try LoadedModel.cleaner(of: manifest)
                #expect(cleaner.version == version && cleaner.profile == profile)
            }
        }
    }

    @Test("a version that this program does not know is refused, with those it knows")
    func unknown() {
        let manifest = Self.manifest(profile: "documents", version: 99)
        #expect(
            throws: BundleError.cleaningVersion(
                bundle: "test", found: 99, known: CleaningVersion.allCases.map(\.rawValue))
        ) { try LoadedModel.cleaner(of: manifest) }
    }

    @Test("an unknown profile is a damaged manifest")
    func profile() {
        let manifest = Self.manifest(profile: "novels", version: 1)
        #expect(
            throws: BundleError.malformedManifest(
                file: "test/shoken.json", field: "cleaning.profile")
        ) { try LoadedModel.cleaner(of: manifest) }
    }
}
