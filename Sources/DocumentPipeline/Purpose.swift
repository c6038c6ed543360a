// DocumentPipeline: takes claimed documents through the modules in batches and commits results.
