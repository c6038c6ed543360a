// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// Settings of every Swift module: a warning that is left is a fault.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
/// Modules that hold no pointers also run under strict memory safety.
let safe: [SwiftSetting] =
    strict + [
        .strictMemorySafety(),
        .treatWarning("StrictMemorySafety", as: .error),
    ]

/// Files that a module carries within itself, to write them out again.
let embeddedFiles: [String: [Resource]] = [
    "Recipes": ["configuration_ncvc.py", "modeling_ncvc.py", "rows.py", "train.py"].map {
        .embedInCode("Export/Files/\($0)")
    },
    "ReviewPage": ["page.html", "page.css", "page.js"].map { .embedInCode("Files/\($0)") },
]

/// One library module, listed with the modules below it that it imports.
func module(
    _ name: String, _ imports: [Target.Dependency] = [], settings: [SwiftSetting] = safe
) -> Target {
    .target(
        name: name, dependencies: imports, resources: embeddedFiles[name], swiftSettings: settings)
}

let sqlite: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let modules: [(name: String, imports: [Target.Dependency], settings: [SwiftSetting])] = [
    // Floor 0
    ("Faults", [], safe),
    // Floor 1
    ("ClinicalTypes", [], safe),
    ("JapaneseText", ["Faults", "CMeCab", "ClinicalTypes"], strict),
    ("Tensors", ["Faults", "COpenBLAS", "COneDNN", "Kernels"], strict),
    ("DurableFiles", ["Faults", "CCrypto", "CLinux", "CrashSignals"], strict),
    ("CompressedFiles", ["Faults", "CArchive"], strict),
    ("HTMLReports", [], safe),
    ("JSONFiles", ["Faults"], safe),
    ("TOMLFiles", [toml], safe),
    ("RowFiles", ["Faults"], safe),
    ("XMLFiles", ["Faults", "CExpat"], strict),
    // Floor 2
    ("LinearHeads", ["Faults", "DurableFiles", "Tensors"], safe),
    ("Tokenizers", ["Faults", "JapaneseText", "DurableFiles", "JSONFiles"], safe),
    (
        "Intake",
        [
            "Faults", "ClinicalTypes", "DurableFiles", "JSONFiles", "RowFiles", "XMLFiles",
            "CArchive", "CLinux",
        ],
        strict
    ),
    ("WeightFiles", ["Faults", "JSONFiles", "Tensors", "DurableFiles"], strict),
    ("ManifoldLearning", ["Faults", "Tensors"], safe),
    ("Corpora", ["Faults", "RowFiles", "JSONFiles", "CompressedFiles"], safe),
    // Floor 3
    (
        "Curation",
        [
            "Faults", "DurableFiles", "HTMLReports", "JSONFiles", "TOMLFiles", "Tensors", "Corpora",
        ], safe
    ),
    (
        "Terminology",
        ["Faults", "RowFiles", "ClinicalTypes", "JapaneseText", "DurableFiles", "Intake"], safe
    ),
    (
        "LanguageModel",
        ["Faults", "JSONFiles", "Tensors", "WeightFiles", "Tokenizers", "DurableFiles"], safe
    ),
    ("RandomForest", ["Faults", "Tensors", "WeightFiles"], safe),
    // Floor 4
    (
        "Generation",
        ["Faults", "Tensors", "JSONFiles", "Tokenizers", "WeightFiles", "LanguageModel"], safe
    ),
    (
        "ClinicalTasks",
        [
            "Faults", "JSONFiles", "ClinicalTypes", "JapaneseText", "Tensors", "Tokenizers",
            "LanguageModel", "Terminology", "LinearHeads",
        ], safe
    ),
    (
        "ModelBundle",
        [
            "Faults", "JSONFiles", "DurableFiles", "Tensors", "Tokenizers", "WeightFiles",
            "LanguageModel",
            "LinearHeads",
        ],
        safe
    ),
    (
        "Training",
        [
            "Faults", "RowFiles", "JSONFiles", "HTMLReports", "Tensors", "DurableFiles",
            "LinearHeads", "WeightFiles", "LanguageModel",
        ],
        safe
    ),
    (
        "Configuration",
        ["Faults", "TOMLFiles", "ClinicalTypes", "JapaneseText", "Tensors", "Intake"], safe
    ),
    // Floor 5
    (
        "HeadTraining",
        [
            "Faults", "RowFiles", "ClinicalTypes", "JapaneseText", "Tensors", "LinearHeads",
            "Corpora",
            "ClinicalTasks",
        ],
        safe
    ),
    ("Spool", ["Faults", "JSONFiles", "ClinicalTypes", "DurableFiles"], safe),
    (
        "ResultStore",
        ["Faults", "JSONFiles", "ClinicalTypes", "JapaneseText", "DurableFiles", sqlite], safe
    ),
    // Floor 6
    (
        "Exports",
        [
            "Faults", "JSONFiles", "RowFiles", "HTMLReports", "ClinicalTypes", "JapaneseText",
            "DurableFiles", "Intake", "ResultStore",
        ], safe
    ),
    (
        "Recipes",
        [
            "Faults", "TOMLFiles", "RowFiles",
            "JSONFiles", "ClinicalTypes", "JapaneseText", "Tensors", "DurableFiles", "LinearHeads",
            "Tokenizers",
            "WeightFiles", "Corpora", "Curation", "LanguageModel", "ClinicalTasks", "ModelBundle",
            "Training", "HeadTraining", "Intake",
        ], safe
    ),
    (
        "Evaluation",
        [
            "Faults", "RowFiles", "JSONFiles", "HTMLReports", "DurableFiles",
            "ClinicalTypes", "JapaneseText", "Tensors", "Tokenizers", "Corpora", "LanguageModel",
            "ClinicalTasks", "Generation", "WeightFiles", "Training", "HeadTraining", "LinearHeads",
        ], safe
    ),
    (
        "ReviewPage",
        ["Faults", "ClinicalTypes", "DurableFiles", "ResultStore"], strict
    ),
    (
        "DocumentPipeline",
        [
            "Faults", "ClinicalTypes", "JapaneseText", "Intake", "Terminology", "ClinicalTasks",
            "ModelBundle", "Spool", "ResultStore", "Configuration", "DurableFiles", "Tensors",
            "LinearHeads", "JSONFiles", "Generation", "LanguageModel", "Tokenizers", "WeightFiles",
        ], safe
    ),
]

/// Modules whose tests have a folder of files beside them, which the tests find by their own path.
let modulesWithFixtures: Set<String> = [
    "Configuration", "Intake", "JapaneseText", "LanguageModel", "Spool", "Tokenizers", "Training",
]

/// What the tests of a module import besides what it imports itself.
let importsOfTests: [String: [Target.Dependency]] = [
    "Intake": ["JapaneseText"], "ResultStore": ["RowFiles"],
]

/// Modules whose tests run small models with random weights.
let modulesTestedWithModels: Set<String> = [
    "LanguageModel", "ClinicalTasks", "Generation", "Evaluation",
]

let package = Package(
    name: "shoken",
    products: [
        .executable(name: "shokend", targets: ["shokend"]),
        .executable(name: "shokenctl", targets: ["shokenctl"]),
        .executable(name: "shoken-watch", targets: ["shoken-watch"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Floor 0: system libraries and our own C.
        .systemLibrary(name: "CMeCab", providers: [.apt(["libmecab-dev"])]),
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(
            name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
        .target(name: "Kernels"),
        .target(name: "CrashSignals"),
        // Floor 2, for tests alone: what several of them use.
        .target(
            name: "TestSupport", dependencies: ["Faults", "ClinicalTypes"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        // Floor 5, for tests alone.
        .target(
            name: "ModelTestSupport",
            dependencies: [
                "TestSupport", "JSONFiles", "Tensors", "WeightFiles", "LanguageModel", "Generation",
            ],
            path: "Tests/ModelTestSupport", swiftSettings: strict),
    ]
        + modules.map { module($0.name, $0.imports, settings: $0.settings) }
        + modules.map {
            .testTarget(
                name: $0.name + "Tests",
                dependencies: [.byName(name: $0.name), "TestSupport"] + $0.imports
                    + importsOfTests[$0.name, default: []]
                    + (modulesTestedWithModels.contains($0.name) ? ["ModelTestSupport"] : []),
                exclude: modulesWithFixtures.contains($0.name) ? ["Fixtures"] : [],
                swiftSettings: strict)
        }
        + [
            // Floor 7: the programs.
            .executableTarget(
                name: "shokend",
                dependencies: [
                    "CSystemd", "Faults", "Configuration", "DocumentPipeline", "Intake", "Spool",
                    "ResultStore", "ModelBundle",
                    "Tensors", "DurableFiles", arguments,
                ], swiftSettings: strict),
            .executableTarget(
                name: "shokenctl",
                dependencies: modules.map { .byName(name: $0.name) } + ["CLinux", arguments],
                swiftSettings: strict),
            // Nothing of Swift's is linked into it: its licence does not go with theirs.
            .executableTarget(
                name: "shoken-watch",
                linkerSettings: [
                    .linkedLibrary("inotifytools"),
                    .unsafeFlags(["-nostartfiles", "-Xlinker", "--as-needed"]),
                ]),
            .testTarget(
                name: "EndToEndTests",
                dependencies: [
                    "shokend", "shokenctl", "shoken-watch", "DurableFiles", "DocumentPipeline",
                    "Spool", "ClinicalTypes", "Corpora", "LanguageModel", "Tensors", "Training",
                    "Recipes",
                    "WeightFiles", "TestSupport",
                ],
                exclude: ["HelpTexts", "WrittenAnswers"], swiftSettings: strict),
        ]
)
