// Tests of WeightFiles: safetensors and Hugging Face configuration.
