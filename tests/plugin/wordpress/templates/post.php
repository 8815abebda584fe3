<?php
get_header();
echo '<main>' . do_shortcode( do_blocks( get_post()->post_content ) ) . '</main>';
get_footer();
