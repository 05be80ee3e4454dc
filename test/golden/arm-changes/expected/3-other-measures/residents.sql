select bin, staff, json_extract_string(to_json(residents), '$.revenue') as revenue from gold.crm_arm_residents as residents
