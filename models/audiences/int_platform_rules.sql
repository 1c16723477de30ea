{{ pushed_rules() }}
