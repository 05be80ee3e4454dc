select bin, spell, valid_from, valid_to, length(iin) as iin_length from silver.arm_directory where length(bin) = 12
